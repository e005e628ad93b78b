package dev.tinydocker.shell;

import dev.tinydocker.store.NamedText;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code -e} and {@code --env-file}: a variable with its value, or a name alone for the user's own value. */
final class EnvironmentReader {

    private static final String FILE_OPTION = "--env-file";
    /** More than a kernel passes to any program. */
    private static final int FILE_MIB = 8;

    private final Map<String, String> users;
    private final Faults faults;
    private final Map<String, String> read = new LinkedHashMap<>();

    /** @param users the user's own environment */
    EnvironmentReader(Map<String, String> users, Faults faults) {
        this.users = users;
        this.faults = faults;
    }

    /**
     * The options of one command line; what {@code -e} says counts more than a file, a later one more than an earlier.
     */
    static Map<String, String> read(Invocation invocation, OptionSpec variables, OptionSpec files, Faults faults) {
        EnvironmentReader reader = new EnvironmentReader(invocation.session().environment(), faults);
        invocation.values(files).forEach(file -> reader.file(file, invocation.path(file)));
        invocation.values(variables).forEach(reader::variable);
        return reader.read;
    }

    /** The variables that a file names without a value; none where it cannot be read. */
    static Set<String> names(Path file) {
        try {
            return NamedText.read(file, FILE_MIB).replaceFirst("^\uFEFF", "").lines().map(String::stripLeading)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.contains("="))
                    .collect(Collectors.toSet());
        } catch (NamedText.Unreadable e) {
            return Set.of();
        }
    }

    private void variable(String word) {
        if (word.isEmpty() || word.startsWith("=")) {
            faults.add("-e", word, "it has no name", "write NAME=VALUE, or NAME for the value it has here");
            return;
        }
        put(word);
    }

    /** A name that the user's environment does not have is not set at all. */
    private void put(String word) {
        int equals = word.indexOf('=');
        if (equals >= 0) {
            read.put(word.substring(0, equals), word.substring(equals + 1));
        } else if (users.containsKey(word)) {
            read.put(word, users.get(word));
        }
    }

    /** A variable a line; blank lines and lines that begin with # are skipped, quotes are part of the value. */
    private void file(String word, Path file) {
        List<String> lines;
        try {
            lines = NamedText.read(file, FILE_MIB).lines().toList();
        } catch (NamedText.Unreadable e) {
            faults.add(FILE_OPTION, word, String.valueOf(e.getMessage()), "name a file with NAME=VALUE on each line");
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            line(word, i + 1, lines.get(i));
        }
    }

    private void line(String file, int number, String text) {
        String line = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        line = line.stripLeading();
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        String name = line.contains("=") ? line.substring(0, line.indexOf('=')) : line;
        if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
            String why = name.isEmpty() ? "has no name" : "has a blank in its name";
            faults.add(FILE_OPTION, file, "line " + number + " " + why, "write NAME=VALUE");
            return;
        }
        put(line);
    }
}
