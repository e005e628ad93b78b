package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

class SealedProgramIT {

    private static final Path PROGRAM = Path.of("/bin/true");

    @Test
    void aSealedProgramIsTheSameRunsAndIsNotChangedByRoot() throws Exception {
        try (SealedProgram sealed = SealedProgram.of(PROGRAM)) {
            Path path = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + sealed.path().getFileName());
            assertThat(Files.readAllBytes(path)).isEqualTo(Files.readAllBytes(PROGRAM));
            assertThat(new ProcessBuilder(path.toString()).start().waitFor()).isZero();
            try (FileChannel opened = FileChannel.open(path, StandardOpenOption.WRITE)) {
                assertThatThrownBy(() -> opened.write(ByteBuffer.wrap(new byte[] { 0 }), 0))
                        .isInstanceOf(IOException.class).hasMessageContaining("Operation not permitted");
                assertThatThrownBy(() -> opened.truncate(0)).isInstanceOf(IOException.class)
                        .hasMessageContaining("Operation not permitted");
            }
        }
    }
}
