package dev.tinydocker.cgroup;

import dev.tinydocker.cgroup.Usage.Cpu;
import dev.tinydocker.cgroup.Usage.Device;
import dev.tinydocker.cgroup.Usage.Faults;
import dev.tinydocker.cgroup.Usage.Memory;
import dev.tinydocker.cgroup.Usage.Pressure;
import dev.tinydocker.linux.KernelFile;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads what a container uses from its one cgroup of version 2. */
final class UsageV2 {

    private static final long MICRO = 1000;

    private final Path directory;

    UsageV2(Path directory) {
        this.directory = directory;
    }

    Usage read() {
        Map<String, Pressure> pressure = new HashMap<>();
        List.of("cpu", "memory", "io").forEach(resource -> Counters.pressure(directory, resource, pressure));
        return new Usage(cpu(), memory(), devices(), Counters.processes(directory),
                Counters.single(directory.resolve("pids.current")), Counters.limit(directory.resolve("pids.max")),
                pressure);
    }

    private Cpu cpu() {
        Counters stat = Counters.keyed(directory.resolve("cpu.stat"));
        String[] quota = KernelFile.read(directory.resolve("cpu.max")).strip().split(" ");
        boolean limited = quota.length == 2 && !quota[0].equals("max");
        return new Cpu(stat.get("usage_usec") * MICRO, stat.get("user_usec") * MICRO, stat.get("system_usec") * MICRO,
                stat.get("nr_periods"), stat.get("nr_throttled"), stat.get("throttled_usec") * MICRO,
                limited ? OptionalLong.of(Counters.number(quota[0])) : OptionalLong.empty(),
                limited ? Counters.number(quota[1]) : Limits.CPU_PERIOD_MICROS,
                CgroupV2.shares(Counters.single(directory.resolve("cpu.weight"))));
    }

    private Memory memory() {
        Counters stat = Counters.keyed(directory.resolve("memory.stat"));
        Counters events = Counters.keyed(directory.resolve("memory.events"));
        // Version 2 counts what is below a cgroup as its own.
        Faults faults = new Faults(stat.get("pgfault"), stat.get("pgmajfault"));
        return new Memory(Counters.single(directory.resolve("memory.current")),
                Counters.single(directory.resolve("memory.peak")), stat.get("inactive_file"), stat.get("anon"),
                stat.get("file"), stat.get("file_mapped"), Counters.single(directory.resolve("memory.swap.current")),
                Counters.limit(directory.resolve("memory.max")), events.get("max"), events.get("oom_kill"),
                faults, faults);
    }

    /** {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6}, a line for each device. */
    private List<Device> devices() {
        return KernelFile.read(directory.resolve("io.stat")).lines().map(line -> line.split(" "))
                .filter(words -> words.length > 1).map(UsageV2::device).toList();
    }

    private static Device device(String[] words) {
        String[] numbers = words[0].split(":");
        Map<String, Long> counts = Arrays.stream(words).skip(1).map(word -> word.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> Counters.number(pair[1]), (one, _) -> one));
        return new Device(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]),
                counts.getOrDefault("rbytes", 0L), counts.getOrDefault("wbytes", 0L), counts.getOrDefault("rios", 0L),
                counts.getOrDefault("wios", 0L));
    }
}
