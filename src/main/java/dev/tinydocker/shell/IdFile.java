package dev.tinydocker.shell;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file of {@code --cidfile}: made before the container so that nobody else has it, gone again where there came
 * none.
 */
final class IdFile implements AutoCloseable {

    private final Path file;
    private boolean written;

    private IdFile(Path file) {
        this.file = file;
    }

    /**
     * Makes the file.
     *
     * @throws Conflict where it exists
     * @throws NotFound where its directory does not
     */
    static IdFile create(Path file) {
        try {
            Files.createFile(file);
            return new IdFile(file);
        } catch (FileAlreadyExistsException e) {
            throw new Conflict("write the id into '" + file + "'", "the file exists", "remove it or name another one",
                    e);
        } catch (NoSuchFileException e) {
            throw new NotFound("write the id into '" + file + "'", "there is no directory '" + file.getParent() + "'",
                    "make it first, or name another file", e);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** Writes the id, where a file is wanted. */
    static void write(@Nullable IdFile wanted, String id) {
        if (wanted == null) {
            return;
        }
        try {
            Files.writeString(wanted.file, id);
            wanted.written = true;
        } catch (IOException e) {
            throw failure(wanted.file, e);
        }
    }

    @Override
    public void close() {
        if (!written) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw failure(file, e);
            }
        }
    }

    private static SystemFailure failure(Path file, IOException e) {
        return new SystemFailure("write the id into '" + file + "'", FileFailures.reason(e),
                "name a file that can be made", e);
    }
}
