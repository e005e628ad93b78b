package dev.tinydocker.explain;

import dev.tinydocker.explain.Anatomy.Range;
import dev.tinydocker.security.SecurityService;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A process, its users and its walls, from /proc/PID. */
final class ProcessReader {

    private static final int EFFECTIVE = 1;

    private ProcessReader() {
    }

    /** With the number 0 where it has gone. */
    static Anatomy.Process process(ProcFiles process) {
        int parent = (int) process.number("PPid", 0);
        long user = process.number("Uid", EFFECTIVE);
        long group = process.number("Gid", EFFECTIVE);
        return new Anatomy.Process((int) process.number("Pid", 0), (int) process.number("NSpid", -1), parent,
                parent == 0 ? "" : new ProcFiles(parent).status("Name"), process.command(), user,
                inside(ranges(process, "uid_map"), user), group, inside(ranges(process, "gid_map"), group),
                (int) process.number("Threads", 0));
    }

    private static long inside(List<Range> ranges, long outside) {
        return ranges.stream().filter(range -> outside >= range.outside() && outside < range.outside() + range.size())
                .mapToLong(range -> range.inside() + outside - range.outside()).findFirst().orElse(-1);
    }

    static Anatomy.Users users(ProcFiles process, ProcFiles host) {
        return new Anatomy.Users(process.namespace("user") != host.namespace("user"), ranges(process, "uid_map"),
                ranges(process, "gid_map"));
    }

    private static List<Range> ranges(ProcFiles process, String map) {
        return process.lines(map).stream().map(line -> Arrays.stream(line.strip().split("\\s+"))
                .mapToLong(Long::parseLong).toArray()).filter(numbers -> numbers.length == 3)
                .map(numbers -> new Range(numbers[0], numbers[1], numbers[2])).toList();
    }

    /**
     * What it may do.
     *
     * @param profile what its filter of system calls was made from, if it has one
     * @param locks that Landlock keeps it, empty where it does not
     */
    static Anatomy.Walls walls(ProcFiles process, String profile, String locks) {
        List<List<String>> sets = Stream.of("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")
                .map(field -> SecurityService.names(process.mask(field))).toList();
        int seccomp = (int) process.number("Seccomp", 0);
        return new Anatomy.Walls(sets.get(0), sets.get(1), sets.get(2), sets.get(3), sets.get(4),
                process.number("NoNewPrivs", 0) == 1, seccomp, (int) process.number("Seccomp_filters", 0),
                seccomp == 0 ? "none" : profile, locks.isEmpty() ? process.label() : locks);
    }
}
