package dev.tinydocker.cgroup;

import dev.tinydocker.cgroup.Usage.Pressure;
import dev.tinydocker.linux.KernelFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The forms in which the files of a cgroup have numbers. A file that is missing has none. */
final class Counters {

    private static final OptionalLong NONE = OptionalLong.empty();

    private final String text;

    private Counters(String text) {
        this.text = text;
    }

    /** A word and a number on each line. Of forty some eight are asked for: the others are not made values of. */
    static Counters keyed(Path file) {
        return new Counters('\n' + KernelFile.read(file));
    }

    /** 0 where there is no such word. */
    long get(String key) {
        String begin = '\n' + key + ' ';
        int line = text.indexOf(begin);
        if (line < 0) {
            return 0;
        }
        int end = text.indexOf('\n', line + 1);
        return number(text.substring(line + begin.length(), end < 0 ? text.length() : end));
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

    static OptionalLong limited(long value) {
        return value <= 0 || value > Long.MAX_VALUE >> 1 ? NONE : OptionalLong.of(value);
    }

    /** With those in cgroups below, which a container that may make some has all of its processes in, in version 2. */
    static List<Integer> processes(Path directory) {
        List<Integer> pids = new ArrayList<>();
        collect(directory, pids);
        return pids;
    }

    private static void collect(Path directory, List<Integer> pids) {
        KernelFile.read(directory.resolve("cgroup.procs")).lines().map(Integer::valueOf).forEach(pids::add);
        if (hasChildren(directory)) {
            CgroupFiles.children(directory).forEach(child -> collect(child, pids));
        }
    }

    /** Each directory in a directory links to it, beside its own two links: that spares a look at forty files. */
    private static boolean hasChildren(Path directory) {
        try {
            return (int) Files.getAttribute(directory, "unix:nlink") != 2;
        } catch (IOException e) {
            // Gone: so are those in it.
            return false;
        }
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
