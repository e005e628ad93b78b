package dev.tinydocker.cgroup;

import dev.tinydocker.problem.HostLacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A tree of cgroups that is mounted on this host, cgroups(7).
 *
 * @param root where it is mounted
 * @param unified whether it is the one tree of version 2
 * @param controllers the controllers of a tree of version 1, or its name as in {@code name=systemd}
 */
record Hierarchy(Path root, boolean unified, Set<String> controllers) {

    /** Everything else among a version 1 mount's options is no controller. */
    private static final Set<String> KNOWN = Set.of("cpuset", "cpu", "cpuacct", "blkio", "memory", "devices",
            "freezer", "net_cls", "perf_event", "net_prio", "hugetlb", "pids", "rdma", "misc");

    /** Reads /proc/self/mountinfo, proc(5). A tree that is mounted twice is named once. */
    static List<Hierarchy> read(Path mountinfo) {
        List<Hierarchy> hierarchies = new ArrayList<>();
        Set<Set<String>> seen = new LinkedHashSet<>();
        for (String line : lines(mountinfo)) {
            // 36 35 98:0 /root /mount/point options… - type source super,options
            int dash = line.indexOf(" - ");
            if (dash < 0) {
                continue;
            }
            String[] mount = line.substring(0, dash).split(" ");
            String[] system = line.substring(dash + 3).split(" ");
            boolean unified = system[0].equals("cgroup2");
            if (mount.length < 5 || system.length < 3 || !(unified || system[0].equals("cgroup"))) {
                continue;
            }
            Set<String> controllers = new LinkedHashSet<>();
            Arrays.stream(unified ? new String[0] : system[2].split(","))
                    .filter(option -> KNOWN.contains(option) || option.startsWith("name=")).forEach(controllers::add);
            if (seen.add(controllers)) {
                hierarchies.add(new Hierarchy(Path.of(unescape(mount[4])), unified, controllers));
            }
        }
        return hierarchies;
    }

    /** What its mount point is called, as in {@code memory} or {@code cpu,cpuacct}. */
    String name() {
        return root.getFileName().toString();
    }

    private static List<String> lines(Path mountinfo) {
        try {
            return Files.readAllLines(mountinfo);
        } catch (IOException e) {
            throw new HostLacks("find the cgroups of this host", "'" + mountinfo + "' cannot be read", "mount /proc",
                    e);
        }
    }

    /** A blank in a path is written as \040, and so are the few others that would part fields. */
    private static String unescape(String path) {
        return path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
