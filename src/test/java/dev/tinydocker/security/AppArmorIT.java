package dev.tinydocker.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** With programs in the place of apparmor_parser(8). */
class AppArmorIT {

    @TempDir
    Path directory;

    private boolean load(String script, Duration patience) throws Exception {
        Path parser = Files.writeString(directory.resolve("parser"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(parser, PosixFilePermissions.fromString("rwx------"));
        return AppArmor.load(parser, AppArmor.text(false), patience);
    }

    @Test
    void theProgramGetsTheProfileAndItsAnswerCounts() throws Exception {
        Path got = directory.resolve("got");
        assertThat(load("cat >'" + got + "'", Duration.ofMinutes(1))).isTrue();
        assertThat(Files.readString(got)).isEqualTo(AppArmor.text(false));
        assertThat(load("cat >/dev/null; echo wrong; exit 1", Duration.ofMinutes(1))).isFalse();
    }

    @Test
    @Timeout(30)
    void aProgramThatDoesNotEndIsNotWaitedForForEver() throws Exception {
        assertThat(load("exec sleep 1000", Duration.ofMillis(200))).isFalse();
    }
}
