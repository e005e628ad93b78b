package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Labels are kept whether this kernel has SELinux or not: only root may set them. */
class SecurityLabelsKernelIT {

    private static final String LABEL = "system_u:object_r:container_file_t:s0";

    @TempDir
    Path directory;

    @Test
    void allInADirectoryIsLabelledAndNothingThatALinkLeadsTo() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createFile(outside.resolve("file"));
        Path given = Files.createDirectories(directory.resolve("given/below")).getParent();
        Files.createFile(given.resolve("below/file"));
        Files.createSymbolicLink(given.resolve("link"), outside);
        Files.createSymbolicLink(given.resolve("below/link"), outside.resolve("file"));
        SecurityLabels.set(given, LABEL, true);
        assertThat(SecurityLabels.of(given)).contains(LABEL);
        assertThat(SecurityLabels.of(given.resolve("below"))).contains(LABEL);
        assertThat(file(given.resolve("below"))).contains(LABEL + "\0");
        assertThat(SecurityLabels.of(outside)).isNotEqualTo(Optional.of(LABEL));
        assertThat(file(outside)).isNotEqualTo(Optional.of(LABEL + "\0"));
    }

    @Test
    void oneFileOrDirectoryIsLabelledAlone() throws IOException {
        Files.createFile(directory.resolve("file"));
        Files.createDirectory(directory.resolve("below"));
        SecurityLabels.set(directory.resolve("file"), LABEL, false);
        assertThat(file(directory)).contains(LABEL + "\0");
        SecurityLabels.set(directory, LABEL, false);
        assertThat(SecurityLabels.of(directory)).contains(LABEL);
        assertThat(SecurityLabels.of(directory.resolve("below"))).isNotEqualTo(Optional.of(LABEL));
    }

    private static Optional<String> file(Path directory) {
        try (DirectoryHandle handle = DirectoryHandle.open(directory);
                FileHandle file = handle.file("file".getBytes(StandardCharsets.UTF_8))) {
            return file.attribute("security.selinux").map(value -> new String(value, StandardCharsets.UTF_8));
        }
    }
}
