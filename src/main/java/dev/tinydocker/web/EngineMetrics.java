package dev.tinydocker.web;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.tinydocker.container.ContainerState;
import dev.tinydocker.linux.HostMemory;
import dev.tinydocker.linux.KernelFile;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.metrics.EngineCounts.Phase;
import dev.tinydocker.metrics.Timing;
import dev.tinydocker.store.Layout;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What the engine has done, and what it has: containers by state, starts, pulls, its record, its machine. */
final class EngineMetrics {

    private static final double NANOS = 1e9;
    private static final long PAGE = 4096;

    private final Families families;

    EngineMetrics(Families families) {
        this.families = families;
    }

    void containers(Map<ContainerState, Long> states) {
        for (ContainerState state : ContainerState.values()) {
            if (state != ContainerState.REMOVED) {
                families.gauge("tiny_containers", "Containers on record.", states.getOrDefault(state, 0L),
                        Labels.of("state", word(state)));
            }
        }
    }

    void counts(EngineCounts counts) {
        families.counter("tiny_container_starts_total", "Containers whose program was executed.", counts.starts(),
                Labels.EMPTY);
        counts.failures().forEach((step, count) -> families.counter("tiny_container_start_failures_total",
                "Containers that could not be started, by the kind of step that failed.", count,
                Labels.of("step", step)));
        families.counter("tiny_image_pulls_total", "Images asked of registries.", counts.pulls(true),
                Labels.of("result", "success"));
        families.counter("tiny_image_pulls_total", "Images asked of registries.", counts.pulls(false),
                Labels.of("result", "failure"));
        families.counter("tiny_image_received_bytes_total", "Bytes of layers that registries have sent.",
                counts.receivedBytes(), Labels.EMPTY);
        families.other(new HistogramSnapshot(new MetricMetadata("tiny_container_start_seconds",
                "How long the parts of a container's start took."), Arrays.stream(Phase.values())
                .map(phase -> histogram(counts.phase(phase), Labels.of("phase", word(phase)))).toList()));
    }

    private static HistogramDataPointSnapshot histogram(Timing timing, Labels labels) {
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(Timing.bounds(), timing.counts()),
                timing.seconds(), labels, Exemplars.EMPTY, 0);
    }

    void database(Layout layout, HikariDataSource record) {
        Path file = layout.database();
        families.gauge("tiny_database_bytes", "Size of the record.", size(file), Labels.of("file", "database"));
        families.gauge("tiny_database_bytes", "Size of the record.",
                size(file.resolveSibling(file.getFileName() + "-wal")), Labels.of("file", "log"));
        HikariPoolMXBean pool = record.getHikariPoolMXBean();
        if (pool != null) {
            families.gauge("tiny_database_waiting_threads", "Threads that wait for the record.",
                    pool.getThreadsAwaitingConnection(), Labels.EMPTY);
        }
    }

    /** What this host has, under cAdvisor's names. */
    void machine() {
        families.gauge("machine_cpu_cores", "Processors of this host.", Runtime.getRuntime().availableProcessors(),
                Labels.EMPTY);
        HostMemory memory = HostMemory.read();
        families.gauge("machine_memory_bytes", "Memory of this host.", memory.total(), Labels.EMPTY);
        families.gauge("machine_swap_bytes", "Swap of this host.", memory.swap(), Labels.EMPTY);
    }

    /** This JVM, under the names that every program has for it. */
    void process() {
        ProcessHandle.current().info().totalCpuDuration().ifPresent(time -> families.counter(
                "process_cpu_seconds_total", "Time of the engine on processors.", time.toNanos() / NANOS,
                Labels.EMPTY));
        KernelFile.read(Path.of("/proc/self/statm")).lines().map(line -> line.split(" ")[1]).map(Long::parseLong)
                .forEach(pages -> families.gauge("process_resident_memory_bytes", "Memory of the engine.",
                        pages * PAGE, Labels.EMPTY));
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
