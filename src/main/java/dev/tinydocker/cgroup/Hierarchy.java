package dev.tinydocker.cgroup;

import dev.tinydocker.linux.HostText;
import dev.tinydocker.linux.Mountinfo;
import dev.tinydocker.problem.HostLacks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    private static final String NAMED = "name=";

    /** Reads /proc/self/mountinfo, proc(5). A tree that is mounted twice is named once. */
    static List<Hierarchy> read(Path mountinfo) {
        List<Hierarchy> hierarchies = new ArrayList<>();
        Set<Set<String>> seen = new LinkedHashSet<>();
        for (Mountinfo mount : mounts(mountinfo)) {
            boolean unified = mount.type().equals("cgroup2");
            if (!unified && !mount.type().equals("cgroup")) {
                continue;
            }
            Set<String> controllers = new LinkedHashSet<>();
            if (!unified) {
                mount.superOptions().stream().filter(option -> KNOWN.contains(option) || option.startsWith(NAMED))
                        .forEach(controllers::add);
            }
            if (seen.add(controllers)) {
                hierarchies.add(new Hierarchy(Path.of(mount.target()), unified, controllers));
            }
        }
        return hierarchies;
    }

    /** What its mount point is called, as in {@code memory} or {@code cpu,cpuacct}. */
    String name() {
        return root.getFileName().toString();
    }

    /** What its cgroups are for, as in {@code counts the processor's time}. */
    String purpose() {
        return controllers.stream().map(Hierarchy::purpose).collect(Collectors.joining(", and "));
    }

    private static String purpose(String controller) {
        return switch (controller) {
            case "cpu" -> "shares out the processor's time";
            case "cpuacct" -> "counts the processor's time";
            case "cpuset" -> "says on which processors it runs";
            case "memory" -> "counts and limits memory";
            case "blkio" -> "counts what disks read and write";
            case "pids" -> "counts and limits processes";
            case "devices" -> "says which devices it may use";
            case "freezer" -> "can freeze all its processes at once";
            default -> controller.startsWith(NAMED) ? "finds its processes for " + controller.substring(NAMED.length())
                    : "has the controller " + controller;
        };
    }

    private static List<Mountinfo> mounts(Path mountinfo) {
        try {
            return Mountinfo.all(HostText.read(mountinfo));
        } catch (IOException e) {
            throw new HostLacks("find the cgroups of this host", "'" + mountinfo + "' cannot be read", "mount /proc",
                    e);
        }
    }
}
