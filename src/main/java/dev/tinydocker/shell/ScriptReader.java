package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Takes a script apart into commands: one a line, blank lines and comments left out, open quotes going on in the next
 * line.
 */
final class ScriptReader {

    private final String name;
    private final BufferedReader lines;
    private int read;

    /** @param name what the script is called in messages */
    ScriptReader(String name, BufferedReader lines) {
        this.name = name;
        this.lines = lines;
    }

    String name() {
        return name;
    }

    /** One command and the number of the line it begins on. */
    record Line(int number, List<String> argv) {
    }

    /**
     * The next command; empty at the end.
     *
     * @throws InvalidRequest where the script ends within quotes
     */
    Optional<Line> next() throws IOException {
        for (String text = line(); text != null; text = line()) {
            int first = read;
            Words words = Words.of(text);
            while (words.isOpen()) {
                String more = line();
                if (more == null) {
                    String missing = words.open().equals("\\") ? "what follows a backslash is missing"
                            : "a quote (" + words.open() + ") is not closed";
                    throw new InvalidRequest("read '" + name + "'", "line " + first + ": " + missing, "");
                }
                text = text + "\n" + more;
                words = Words.of(text);
            }
            if (!words.list().isEmpty()) {
                return Optional.of(new Line(first, words.argv()));
            }
        }
        return Optional.empty();
    }

    private @Nullable String line() throws IOException {
        String line = lines.readLine();
        read++;
        return read == 1 && line != null && line.startsWith("\uFEFF") ? line.substring(1) : line;
    }
}
