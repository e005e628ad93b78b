package dev.tinydocker.cgroup;

import dev.tinydocker.cgroup.Usage.Pressure;
import dev.tinydocker.linux.KernelFile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The forms in which the files of a cgroup have numbers. A file that is missing has none. */
final class Counters {

    private static final OptionalLong NONE = OptionalLong.empty();

    private final Map<String, Long> values = new HashMap<>();

    private Counters() {
    }

    /** A word and a number on each line. */
    static Counters keyed(Path file) {
        Counters counters = new Counters();
        String text = KernelFile.read(file);
        for (int start = 0; start < text.length();) {
            int end = text.indexOf('\n', start);
            int stop = end < 0 ? text.length() : end;
            int blank = text.indexOf(' ', start);
            if (blank > 0 && blank < stop) {
                counters.values.put(text.substring(start, blank), number(text.substring(blank + 1, stop)));
            }
            start = stop + 1;
        }
        return counters;
    }

    long get(String key) {
        return values.getOrDefault(key, 0L);
    }

    OptionalLong limit(String key) {
        return limited(get(key));
    }

    /** One number; 0 where the file is missing. */
    static long single(Path file) {
        return number(KernelFile.read(file).strip());
    }

    /** One number that stands for no limit where it is {@code max}, negative, or more than any machine has. */
    static OptionalLong limit(Path file) {
        String text = KernelFile.read(file).strip();
        return text.isEmpty() || text.equals("max") ? NONE : limited(number(text));
    }

    private static OptionalLong limited(long value) {
        return value <= 0 || value > Long.MAX_VALUE >> 1 ? NONE : OptionalLong.of(value);
    }

    static List<Integer> processes(Path directory) {
        List<Integer> pids = new ArrayList<>();
        KernelFile.read(directory.resolve("cgroup.procs")).lines().map(Integer::valueOf).forEach(pids::add);
        return pids;
    }

    /** {@code some avg10=0.00 … total=12}, and the same for {@code full}, which cpu has not everywhere. */
    static void pressure(Path directory, String resource, Map<String, Pressure> into) {
        String text = KernelFile.read(directory.resolve(resource + ".pressure"));
        if (!text.isEmpty()) {
            into.put(resource, new Pressure(total(text, "some"), total(text, "full")));
        }
    }

    private static long total(String text, String kind) {
        return text.lines().filter(line -> line.startsWith(kind + " ")).mapToLong(line -> number(line
                .substring(line.lastIndexOf('=') + 1))).findFirst().orElse(0);
    }

    /** Unsigned 64 bits as the kernel prints them; what is more than a long has is the largest. */
    static long number(String word) {
        if (word.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            return word.chars().allMatch(Character::isDigit) ? Long.MAX_VALUE : 0;
        }
    }
}
