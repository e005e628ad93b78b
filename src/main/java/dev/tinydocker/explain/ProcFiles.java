package dev.tinydocker.explain;

import dev.tinydocker.linux.KernelFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the kernel says of one process below /proc/PID, proc(5). What is gone says nothing. */
final class ProcFiles {

    private final Path directory;
    private @Nullable Map<String, String> status;

    /** @param directory /proc/PID, or one of the same form */
    ProcFiles(Path directory) {
        this.directory = directory;
    }

    /** @param pid a number, or {@code self} */
    ProcFiles(String pid) {
        this(Path.of("/proc/" + pid));
    }

    ProcFiles(int pid) {
        this(Integer.toString(pid));
    }

    /** The text of a file; empty where there is none. */
    String text(String file) {
        return KernelFile.read(directory.resolve(file));
    }

    List<String> lines(String file) {
        return text(file).lines().toList();
    }

    /** A line of status; empty where there is none. */
    String status(String field) {
        Map<String, String> known = status;
        if (known == null) {
            Map<String, String> read = new HashMap<>();
            text("status").lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    read.put(line.substring(0, colon), line.substring(colon + 1).strip());
                }
            });
            known = read;
            status = read;
        }
        return known.getOrDefault(field, "");
    }

    /** The word of a line of status at that place, as a number; 0 where there is none. */
    long number(String field, int place) {
        String[] words = status(field).split("\\s+");
        String word = place < 0 ? words[words.length - 1] : words.length > place ? words[place] : "";
        return word.isEmpty() ? 0 : Long.parseLong(word);
    }

    long mask(String field) {
        String digits = status(field);
        return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 16);
    }

    /** Its words; its name in brackets where it has none, as those of the kernel. */
    List<String> command() {
        String line = text("cmdline");
        return line.isEmpty() ? List.of("[" + status("Name") + "]")
                : Arrays.asList((line.endsWith("\0") ? line.substring(0, line.length() - 1) : line).split("\0", -1));
    }

    /** What the security modules call it; empty where none has a name for it: EINVAL. */
    String label() {
        try {
            return Files.readString(directory.resolve("attr/current")).replace("\0", "").strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The number of its namespace of a kind; 0 where the kernel has none, or it is gone. */
    long namespace(String kind) {
        try {
            String link = Files.readSymbolicLink(directory.resolve("ns/" + kind)).toString();
            return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
        } catch (IOException e) {
            return 0;
        }
    }
}
