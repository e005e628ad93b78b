package dev.tinydocker.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of a log: FILE is written, FILE.1 is the one before, and so on. They may be renamed while they are looked
 * for, always to the next higher number, and a number may be free for a moment. So they are opened from the lowest
 * number up: a file may be met twice, but none is passed over.
 */
final class LogFiles {

    private LogFiles() {
    }

    /** All files, open, the oldest first. */
    static List<LogFile> open(Path file) throws IOException {
        return openNewerThan(file, null);
    }

    /** The files after that one, open, the oldest first; all where it is not there any more. */
    static List<LogFile> openNewerThan(Path file, @Nullable Object key) throws IOException {
        List<LogFile> found = new ArrayList<>();
        try {
            int highest = highest(file);
            // One more, for the file that has just been given a new highest number.
            for (int number = 0; number <= highest + 1; number++) {
                highest = number > highest ? highest(file) : highest;
                Path path = number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
                Optional<LogFile> next = LogFile.open(path);
                if (next.isEmpty()) {
                    continue;
                }
                LogFile open = next.get();
                if (open.key().equals(key)) {
                    open.close();
                    break;
                }
                add(found, open);
            }
        } catch (IOException | RuntimeException e) {
            for (LogFile open : found) {
                open.close();
            }
            throw e;
        }
        return new ArrayList<>(found.reversed());
    }

    /**
     * Adds the next one to those that were found, the newest first. Where it was found before, those found since then
     * were renamed to numbers in between meanwhile: they are newer.
     */
    static void add(List<LogFile> found, LogFile next) throws IOException {
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).key().equals(next.key())) {
                next.close();
                Collections.rotate(found.subList(i, found.size()), -1);
                return;
            }
        }
        found.add(next);
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
