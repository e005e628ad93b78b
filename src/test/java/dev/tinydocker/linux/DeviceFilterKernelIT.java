package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel tells of a filter that was attached to a cgroup of version 2, which a hybrid host has too. */
class DeviceFilterKernelIT {

    private static final List<String> RULES = List.of("c 1:3 rwm", "b *:* m");

    private Path cgroup;

    @BeforeEach
    void make() throws IOException {
        Path root = Path.of(Files.readAllLines(Path.of("/proc/self/mounts")).stream().map(line -> line.split(" "))
                .filter(words -> words[2].equals("cgroup2")).findFirst().orElseThrow()[1]);
        cgroup = Files.createDirectory(root.resolve("tiny-docker-it-" + ProcessHandle.current().pid()));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        Files.delete(cgroup);
    }

    @Test
    void aFilterIsKnownByItsRules() {
        assertThat(DeviceFilter.isAttached(cgroup, RULES)).isFalse();
        DeviceFilter.attach(cgroup, List.of("c 1:3 rwm", "b *:* m", "c 1:11 r"));
        assertThat(DeviceFilter.isAttached(cgroup, RULES)).isFalse();
        DeviceFilter.attach(cgroup, RULES);
        assertThat(DeviceFilter.isAttached(cgroup, RULES)).isTrue();
    }
}
