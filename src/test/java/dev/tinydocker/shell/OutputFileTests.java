package dev.tinydocker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

class OutputFileTests {

    @TempDir
    Path directory;

    private static void write(OutputStream out) {
        try {
            out.write('x');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Root writes into the directory of somebody who would have root write somewhere else. */
    @Test
    void whatLiesThereBeforehandIsNotWrittenTo() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "as it was");
        Files.createSymbolicLink(directory.resolve(".a.tar.part"), other);
        Files.createSymbolicLink(directory.resolve("a.tar"), other);

        OutputFile.write("save", directory.resolve("a.tar"), OutputFileTests::write);

        assertThat(other).hasContent("as it was");
        assertThat(directory.resolve("a.tar")).isRegularFile().hasContent("x");
    }

    @Test
    void whatDoesNotBecomeWholeDoesNotStay() {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> OutputFile.write("save",
                directory.resolve("a.tar"), out -> {
                    write(out);
                    throw new InvalidRequest("save", "no", "");
                }));
        assertThat(directory).isEmptyDirectory();
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> OutputFile.write("save",
                directory.resolve("none/a.tar"), OutputFileTests::write));
    }
}
