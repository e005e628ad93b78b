package dev.tinydocker.cgroup;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a container has used and uses, as the kernel counts it, in one form for both versions of cgroups. What this
 * kernel does not count is 0 or missing.
 *
 * @param processes those in there, as the host numbers them
 * @param threads how many threads there are, which is what a limit of processes counts
 * @param pressure how long work waited, by what it waited for: cpu, memory, io; empty where the kernel does not tell
 */
public record Usage(Cpu cpu, Memory memory, List<Device> devices, List<Integer> processes, long threads,
        OptionalLong threadsLimit, Map<String, Pressure> pressure) {

    public Usage {
        devices = List.copyOf(devices);
        processes = List.copyOf(processes);
        pressure = Map.copyOf(pressure);
    }

    /**
     * Time on processors in nanoseconds, and what a quota held back.
     *
     * @param periods how many periods of a quota have passed
     * @param quotaMicros how much of each period may be used
     * @param shares the weight against others, in version 1's measure, where 1024 is usual
     */
    public record Cpu(long total, long user, long system, long periods, long throttledPeriods, long throttled,
            OptionalLong quotaMicros, long periodMicros, long shares) {
    }

    /**
     * Memory in bytes.
     *
     * @param usage all that is accounted, the cache of files too
     * @param inactiveFile that part of the cache which goes first
     * @param failures how often the limit was reached
     * @param oomKills how many processes were killed because of it
     * @param faults page faults in the container's own cgroup
     * @param allFaults with those in cgroups that were made in it
     */
    public record Memory(long usage, long peak, long inactiveFile, long rss, long cache, long mapped, long swap,
            OptionalLong limit, long failures, long oomKills, Faults faults, Faults allFaults) {

        /** What cannot be had back without writing to a disk; Docker's memory usage too. */
        public long workingSet() {
            return Math.max(0, usage - inactiveFile);
        }
    }

    /** Page faults; a major one waits for a disk, and counts as one of all too. */
    public record Faults(long all, long major) {
    }

    /** What was read from a block device and written to it. */
    public record Device(int major, int minor, long readBytes, long writtenBytes, long reads, long writes) {
    }

    /** How long some of the work waited, and how long all of it, in microseconds; PSI in the kernel's documentation. */
    public record Pressure(long waiting, long stalled) {
    }
}
