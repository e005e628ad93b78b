package dev.tinydocker.cgroup;

import dev.tinydocker.cgroup.Usage.Cpu;
import dev.tinydocker.cgroup.Usage.Device;
import dev.tinydocker.cgroup.Usage.Faults;
import dev.tinydocker.cgroup.Usage.Memory;
import dev.tinydocker.linux.KernelFile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads what a container uses from the trees of version 1; a controller that this host has not counts nothing. */
final class UsageV1 {

    /** What cpuacct.stat counts in: USER_HZ, which is 100 a second on every Linux. */
    private static final long TICK_NANOS = 10_000_000;

    private static final String PIDS = "pids";
    private static final Path NOWHERE = Path.of("/proc/self/no-such-controller");

    private final Function<String, Optional<Path>> directories;

    /** @param directories a container's directory in the tree of a controller */
    UsageV1(Function<String, Optional<Path>> directories) {
        this.directories = directories;
    }

    Usage read() {
        Path pids = in(PIDS);
        return new Usage(cpu(), memory(), devices(), processes(),
                Counters.single(pids.resolve("pids.current")), Counters.limit(pids.resolve("pids.max")), Map.of());
    }

    /** They are in every tree that the container has a cgroup in; which trees there are is this host's choice. */
    private List<Integer> processes() {
        return Stream.concat(Stream.of(PIDS), CgroupV1.USED.stream())
                .flatMap(controller -> directories.apply(controller).stream()).map(Counters::processes)
                .filter(Predicate.not(List::isEmpty)).findFirst().orElse(List.of());
    }

    private Path in(String controller) {
        return directories.apply(controller).orElse(NOWHERE);
    }

    private Cpu cpu() {
        Path directory = in("cpu");
        Counters quota = Counters.keyed(directory.resolve("cpu.stat"));
        Counters modes = Counters.keyed(in("cpuacct").resolve("cpuacct.stat"));
        OptionalLong limit = Counters.limit(directory.resolve("cpu.cfs_quota_us"));
        return new Cpu(Counters.single(in("cpuacct").resolve("cpuacct.usage")), modes.get("user") * TICK_NANOS,
                modes.get("system") * TICK_NANOS, quota.get("nr_periods"), quota.get("nr_throttled"),
                quota.get("throttled_time"), limit, Limits.CPU_PERIOD_MICROS,
                Counters.single(directory.resolve("cpu.shares")));
    }

    private Memory memory() {
        Path directory = in("memory");
        Counters stat = Counters.keyed(directory.resolve("memory.stat"));
        return new Memory(Counters.single(directory.resolve("memory.usage_in_bytes")),
                Counters.single(directory.resolve("memory.max_usage_in_bytes")), stat.get("total_inactive_file"),
                stat.get("total_rss"), stat.get("total_cache"), stat.get("total_mapped_file"), stat.get("total_swap"),
                stat.limit("hierarchical_memory_limit"), Counters.single(directory.resolve("memory.failcnt")),
                Counters.keyed(directory.resolve("memory.oom_control")).get("oom_kill"),
                new Faults(stat.get("pgfault"), stat.get("pgmajfault")),
                new Faults(stat.get("total_pgfault"), stat.get("total_pgmajfault")));
    }

    /** {@code 8:0 Read 4096}, a line for each device and operation. */
    private List<Device> devices() {
        Path directory = in("blkio");
        Map<String, long[]> found = new LinkedHashMap<>();
        collect(directory.resolve("blkio.throttle.io_service_bytes_recursive"), 0, found);
        if (found.isEmpty()) {
            return List.of();
        }
        collect(directory.resolve("blkio.throttle.io_serviced_recursive"), 2, found);
        List<Device> devices = new ArrayList<>();
        found.forEach((device, counts) -> {
            String[] numbers = device.split(":");
            devices.add(new Device(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), counts[0], counts[1],
                    counts[2], counts[3]));
        });
        return devices;
    }

    private static void collect(Path file, int first, Map<String, long[]> into) {
        KernelFile.read(file).lines().map(line -> line.split(" ")).filter(words -> words.length == 3).forEach(words -> {
            int place = words[1].equals("Read") ? first : words[1].equals("Write") ? first + 1 : -1;
            if (place >= 0) {
                into.computeIfAbsent(words[0], _ -> new long[4])[place] = Counters.number(words[2]);
            }
        });
    }
}
