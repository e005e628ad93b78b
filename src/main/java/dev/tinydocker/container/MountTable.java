package dev.tinydocker.container;

import dev.tinydocker.linux.HostText;
import dev.tinydocker.linux.Mountinfo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is mounted where, as a process sees it; of several mounts on one place the last, which hides the others. */
record MountTable(Map<String, Mountinfo> mounts) {

    static MountTable read(int pid) throws IOException {
        return parse(HostText.read(Path.of("/proc/" + pid + "/mountinfo")));
    }

    static MountTable parse(String mountinfo) {
        return new MountTable(Mountinfo.visible(mountinfo).stream()
                .collect(Collectors.toMap(Mountinfo::target, Function.identity())));
    }

    boolean has(String target) {
        return mounts.containsKey(target);
    }

    boolean has(String target, String option) {
        return options(target).contains(option);
    }

    List<String> options(String target) {
        Mountinfo mount = mounts.get(target);
        return mount == null ? List.of() : mount.options();
    }

    /** What its file system was mounted with, as in {@code size=65536k}; empty where that is not told. */
    String value(String target, String key) {
        Mountinfo mount = mounts.get(target);
        return mount == null ? "" : mount.option(key);
    }
}
