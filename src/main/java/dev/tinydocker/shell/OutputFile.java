package dev.tinydocker.shell;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Where a command puts what is not for eyes: a file of the user's, or standard output. */
final class OutputFile {

    private static final int BUFFER = 1 << 18;
    private static final OpenOption[] NEW = { StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE };
    private static final OpenOption[] ANY = { StandardOpenOption.WRITE };

    private OutputFile() {
    }

    /** @throws InvalidRequest where standard output is a terminal */
    static void refuseTerminal(Invocation invocation, String what, String instead) {
        if (invocation.session().tty().out()) {
            throw new InvalidRequest(what + " to standard output", "it is a terminal", instead);
        }
    }

    /**
     * Where a user wants it.
     *
     * @param what the deed and its object, for the error
     * @throws InvalidRequest where the word is empty, which would be the directory that the user is in
     */
    static Path named(Invocation invocation, String what, String word) {
        if (word.isEmpty()) {
            throw new InvalidRequest(what, "it names no file", "give the path of one, or '-' for standard output");
        }
        return invocation.path(word);
    }

    /**
     * Writes a file that is whole or not there; one that is no ordinary file, as a pipe, is written to as it is. The
     * directory may be somebody else's: what that one puts there beforehand is not written to.
     *
     * @param what the deed and its object, for the error
     */
    static void write(String what, Path path, Consumer<OutputStream> content) {
        boolean ordinary = !Files.exists(path) || Files.isRegularFile(path);
        Path file = ordinary ? path.resolveSibling(".tiny-" + System.nanoTime() + ".part") : path;
        OpenOption[] options = ordinary ? NEW : ANY;
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, options), BUFFER)) {
                content.accept(out);
            }
            if (ordinary) {
                Files.move(file, path, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (NoSuchFileException e) {
            throw new NotFound(what, "there is no directory '" + path.getParent() + "'",
                    "make it first, or name another file", e);
        } catch (IOException e) {
            throw new SystemFailure(what, FileFailures.reason(e), "see that it can be written", e);
        } finally {
            if (ordinary) {
                discard(file);
            }
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new SystemFailure("delete '" + file + "'", FileFailures.reason(e), "", e);
        }
    }
}
