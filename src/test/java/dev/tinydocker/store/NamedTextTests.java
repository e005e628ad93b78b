package dev.tinydocker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.support.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a user may name a file of, and what a name can lead to besides. */
@Timeout(20)
class NamedTextTests {

    @TempDir
    Path directory;

    @Test
    void aFileIsReadWholeAndThroughLinks() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "ä=1\n");
        assertThat(NamedText.read(file, 1)).isEqualTo("ä=1\n");
        assertThat(NamedText.read(Files.createSymbolicLink(directory.resolve("link"), file), 1)).isEqualTo("ä=1\n");
        assertThat(NamedText.read(Path.of("/proc/self/comm"), 1)).as("said to be empty").isNotEmpty();
    }

    @Test
    void whatNeverEndsOrNeverBeginsIsNotRead() throws Exception {
        refused(Path.of("/dev/zero"), "it is a device, a pipe or a socket");
        Path pipe = directory.resolve("pipe");
        Commands.run("mkfifo", pipe.toString());
        refused(pipe, "it is a device, a pipe or a socket");
        refused(directory, "it is a directory");
        refused(directory.resolve("missing"), "there is none");
    }

    @Test
    void noMoreIsReadThanThereIsRoomFor() throws Exception {
        refused(Files.write(directory.resolve("long"), new byte[(1 << 20) + 1]), "it has more than 1 MiB");
        assertThat(NamedText.read(Files.write(directory.resolve("full"), new byte[1 << 20]), 1)).hasSize(1 << 20);
        refused(Files.write(directory.resolve("latin"), new byte[] { (byte) 0xe4 }), "it is not text in UTF-8");
    }

    private static void refused(Path file, String why) {
        assertThatExceptionOfType(NamedText.Unreadable.class).isThrownBy(() -> NamedText.read(file, 1)).withMessage(why);
    }
}
