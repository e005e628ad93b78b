package dev.tinydocker.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The files of a log: FILE is written, FILE.1 is the one before, and so on. They may be renamed while they are looked
 * for, always to the next higher number, and a number may be free for a moment. So they are opened from the lowest
 * number up: a file may be met twice, but none is passed over.
 */
final class LogFiles {

    /** A writer that rotates faster than files are opened, for longer than this, gets what was found last. */
    private static final int ATTEMPTS = 100;

    private LogFiles() {
    }

    /** All files, open, the oldest first. */
    static List<LogFile> open(Path file) throws IOException {
        return openNewerThan(file, null);
    }

    /** The files after that one, open, the oldest first; all where it is not there any more. */
    static List<LogFile> openNewerThan(Path file, @Nullable Object key) throws IOException {
        // The newest first, each under its key.
        SequencedMap<Object, LogFile> found = new LinkedHashMap<>();
        try {
            boolean still = false;
            for (int attempt = 0; attempt < ATTEMPTS && !still; attempt++) {
                still = openOnce(file, key, found);
            }
        } catch (IOException | RuntimeException e) {
            for (LogFile open : found.values()) {
                open.close();
            }
            throw e;
        }
        return new ArrayList<>(found.sequencedValues().reversed());
    }

    /**
     * Opens what has a name now, in front of what was found before: that has lost its name meanwhile, so it is older.
     *
     * @return whether no file was renamed meanwhile: each number led to the same file twice, so there was a moment at
     *         which all of them did, and the order is right
     */
    private static boolean openOnce(Path file, @Nullable Object key, SequencedMap<Object, LogFile> found)
            throws IOException {
        List<Optional<Object>> before = new ArrayList<>();
        int highest = highest(file);
        for (int number = 0; number <= highest; number++) {
            before.add(LogFile.keyOf(numbered(file, number)));
        }
        boolean still = true;
        List<Object> met = new ArrayList<>();
        // One more, for the file that has just been given a new highest number.
        for (int number = 0; number <= highest + 1; number++) {
            highest = number > highest ? highest(file) : highest;
            Optional<LogFile> next = LogFile.open(numbered(file, number));
            Optional<Object> known = number < before.size() ? before.get(number) : Optional.empty();
            still &= next.map(LogFile::key).equals(known);
            if (next.isEmpty()) {
                continue;
            }
            LogFile open = next.get();
            if (open.key().equals(key)) {
                open.close();
                break;
            }
            if (found.putIfAbsent(open.key(), open) != null) {
                open.close();
            }
            met.add(open.key());
        }
        met.reversed().forEach(each -> found.putFirst(each, found.get(each)));
        return still;
    }

    private static Path numbered(Path file, int number) {
        return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
    }

    /** The directory of the log's files. */
    static Path directory(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private static int highest(Path file) throws IOException {
        String prefix = file.getFileName() + ".";
        int highest = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory(file))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(prefix) && name.substring(prefix.length()).matches("[1-9][0-9]{0,5}")) {
                    highest = Math.max(highest, Integer.parseInt(name.substring(prefix.length())));
                }
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return highest;
    }
}
