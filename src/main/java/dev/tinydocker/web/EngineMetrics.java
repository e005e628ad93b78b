package dev.tinydocker.web;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.tinydocker.container.ContainerState;
import dev.tinydocker.linux.HostCpu;
import dev.tinydocker.linux.HostMemory;
import dev.tinydocker.linux.KernelFile;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.metrics.EngineCounts.Phase;
import dev.tinydocker.store.Layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** What the engine has done, and what it has: containers by state, starts, pulls, its record, its machine. */
final class EngineMetrics {

    private static final double NANOS = 1e9;
    private static final long KIB = 1024;

    private final Families families;

    EngineMetrics(Families families) {
        this.families = families;
    }

    void containers(Map<ContainerState, Long> states) {
        families.gauge("tiny_containers", "Containers on record.");
        for (ContainerState state : ContainerState.values()) {
            if (state != ContainerState.REMOVED) {
                families.add(Labels.of("state", word(state)), states.getOrDefault(state, 0L));
            }
        }
    }

    void counts(EngineCounts counts) {
        families.counter("tiny_container_starts_total", "Containers whose program was executed.")
                .add(Labels.NONE, counts.starts());
        families.counter("tiny_container_start_failures_total",
                "Containers that could not be started, by the kind of step that failed.");
        counts.failures().forEach((step, count) -> families.add(Labels.of("step", step), count));
        families.counter("tiny_image_pulls_total", "Images asked of registries.")
                .add(Labels.of("result", "success"), counts.pulls(true))
                .add(Labels.of("result", "failure"), counts.pulls(false));
        families.counter("tiny_image_received_bytes_total", "Bytes of layers that registries have sent.")
                .add(Labels.NONE, counts.receivedBytes());
        families.histogram("tiny_container_start_seconds", "How long the parts of a container's start took.");
        for (Phase phase : Phase.values()) {
            families.add(Labels.of("phase", word(phase)), counts.phase(phase));
        }
    }

    void database(Layout layout, HikariDataSource record) {
        Path file = layout.database();
        families.gauge("tiny_database_bytes", "Size of the record.").add(Labels.of("file", "database"), size(file))
                .add(Labels.of("file", "log"), size(file.resolveSibling(file.getFileName() + "-wal")));
        HikariPoolMXBean pool = record.getHikariPoolMXBean();
        if (pool != null) {
            families.gauge("tiny_database_waiting_threads", "Threads that wait for the record.")
                    .add(Labels.NONE, pool.getThreadsAwaitingConnection());
        }
    }

    /** What this host has, under cAdvisor's names. */
    void machine() {
        families.gauge("machine_cpu_cores", "Processors of this host.")
                .add(Labels.NONE, HostCpu.count());
        HostMemory memory = HostMemory.read();
        families.gauge("machine_memory_bytes", "Memory of this host.").add(Labels.NONE, memory.total());
        families.gauge("machine_swap_bytes", "Swap of this host.").add(Labels.NONE, memory.swap());
    }

    /** This JVM, under the names that every program has for it. */
    void process() {
        ProcessHandle.current().info().totalCpuDuration().ifPresent(time -> families.counter(
                "process_cpu_seconds_total", "Time of the engine on processors.")
                .add(Labels.NONE, time.toNanos() / NANOS));
        resident(KernelFile.read(Path.of("/proc/self/status"))).ifPresent(bytes -> families
                .gauge("process_resident_memory_bytes", "Memory of the engine.").add(Labels.NONE, bytes));
    }

    /** In kB there; statm counts pages, whose size is the machine's. proc(5). */
    static OptionalLong resident(String status) {
        return status.lines().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB).findFirst();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
