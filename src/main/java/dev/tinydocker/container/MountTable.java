package dev.tinydocker.container;

import dev.tinydocker.linux.HostText;
import dev.tinydocker.linux.MountinfoWords;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is mounted where, as a process sees it; of several mounts on one place the last, which hides the others. */
record MountTable(Map<String, Mounted> mounts) {

    private static final int TARGET = 4;
    private static final int OPTIONS = 5;

    /** @param ofItself what its file system was mounted with */
    record Mounted(List<String> options, List<String> ofItself) {
    }

    static MountTable read(int pid) throws IOException {
        return parse(HostText.read(Path.of("/proc/" + pid + "/mountinfo")));
    }

    /** @param mountinfo as proc_pid_mountinfo(5) describes it */
    static MountTable parse(String mountinfo) {
        Map<String, Mounted> mounts = new HashMap<>();
        MountinfoWords.lines(mountinfo).map(line -> line.split(" ")).filter(fields -> fields.length > OPTIONS)
                .forEach(fields -> mounts.put(MountinfoWords.plain(fields[TARGET]),
                        new Mounted(options(fields, OPTIONS), options(fields, fields.length - 1))));
        return new MountTable(mounts);
    }

    private static List<String> options(String[] fields, int at) {
        return Arrays.asList(fields[at].split(","));
    }

    boolean has(String target) {
        return mounts.containsKey(target);
    }

    boolean has(String target, String option) {
        return options(target).contains(option);
    }

    List<String> options(String target) {
        Mounted mounted = mounts.get(target);
        return mounted == null ? List.of() : mounted.options();
    }

    /** What its file system was mounted with, as in {@code size=65536k}; empty where that is not told. */
    String value(String target, String key) {
        Mounted mounted = mounts.get(target);
        return mounted == null ? "" : mounted.ofItself().stream().filter(option -> option.startsWith(key + "="))
                .map(option -> option.substring(key.length() + 1)).findFirst().orElse("");
    }
}
