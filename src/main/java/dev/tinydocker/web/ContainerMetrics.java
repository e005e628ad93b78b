package dev.tinydocker.web;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Figures;
import dev.tinydocker.linux.NetworkInterface;
import dev.tinydocker.linux.NetworkInterface.Traffic;
import io.prometheus.metrics.model.snapshots.Labels;

import java.time.Instant;
import java.util.List;

/**
 * Figures of containers under the names, labels and units of cAdvisor, so that dashboards made for it work. A series
 * lives as long as its container runs. Labels are the container's id, name and image, its links, its block devices and
 * fixed words: what a container is given as labels of its own would have no bound, and is left out.
 */
final class ContainerMetrics {

    private static final double NANOS = 1e9;
    private static final double MICROS = 1e6;
    private static final double MILLIS = 1e3;

    private final Families families;
    private final BlockDevices devices;

    ContainerMetrics(Families families, BlockDevices devices) {
        this.families = families;
        this.devices = devices;
    }

    void add(List<Figures> containers) {
        containers.forEach(this::add);
    }

    private void add(Figures container) {
        Labels labels = Labels.of("id", container.cgroup(), "name", container.name(), "image", container.image());
        Usage usage = container.usage();
        cpu(usage.cpu(), labels);
        memory(usage.memory(), labels);
        usage.devices().forEach(device -> block(device, labels));
        container.interfaces().forEach(link -> network(link, labels));
        usage.pressure().forEach((resource, pressure) -> pressure(resource, pressure, labels));
        gauge("container_processes", "Processes in the container.", usage.processes().size(), labels);
        gauge("container_threads", "Threads in the container.", usage.threads(), labels);
        gauge("container_threads_max", "How many threads the container may have, 0 for no limit.",
                usage.threadsLimit().orElse(0), labels);
        gauge("container_file_descriptors", "Open files of all processes of the container.", container.descriptors(),
                labels);
        gauge("container_start_time_seconds", "When the container was started, in seconds since the epoch.",
                seconds(container.startedAt()), labels);
        gauge("container_last_seen", "When these figures were read, in seconds since the epoch.",
                seconds(container.at()), labels);
    }

    private void cpu(Usage.Cpu cpu, Labels labels) {
        counter("container_cpu_usage_seconds_total", "Time on processors.", cpu.total() / NANOS,
                labels.add("cpu", "total"));
        counter("container_cpu_user_seconds_total", "Time on processors in programs.", cpu.user() / NANOS, labels);
        counter("container_cpu_system_seconds_total", "Time on processors in the kernel.", cpu.system() / NANOS,
                labels);
        counter("container_cpu_cfs_periods_total", "Periods of the quota that have passed.", cpu.periods(), labels);
        counter("container_cpu_cfs_throttled_periods_total", "Periods in which the quota held the container back.",
                cpu.throttledPeriods(), labels);
        counter("container_cpu_cfs_throttled_seconds_total", "How long the quota held the container back.",
                cpu.throttled() / NANOS, labels);
        cpu.quotaMicros().ifPresent(quota -> {
            gauge("container_spec_cpu_quota", "Microseconds on processors that each period grants.", quota, labels);
            gauge("container_spec_cpu_period", "Microseconds of a period of the quota.", cpu.periodMicros(), labels);
        });
    }

    private void memory(Usage.Memory memory, Labels labels) {
        gauge("container_memory_usage_bytes", "Memory in use, the cache of files too.", memory.usage(), labels);
        gauge("container_memory_working_set_bytes", "Memory in use without the cache that goes first.",
                memory.workingSet(), labels);
        gauge("container_memory_max_usage_bytes", "Most memory that was in use.", memory.peak(), labels);
        gauge("container_memory_rss", "Anonymous memory in bytes.", memory.rss(), labels);
        gauge("container_memory_cache", "Cache of files in bytes.", memory.cache(), labels);
        gauge("container_memory_mapped_file", "Files mapped into memory in bytes.", memory.mapped(), labels);
        gauge("container_memory_swap", "Swap in use in bytes.", memory.swap(), labels);
        families.unknown("container_memory_failcnt", "How often the limit of memory was reached.", memory.failures(),
                labels);
        counter("container_oom_events_total", "Processes killed because memory ran out.", memory.oomKills(), labels);
        gauge("container_spec_memory_limit_bytes", "How much memory the container may use, 0 for no limit.",
                memory.limit().orElse(0), labels);
        faults("pgfault", memory.pageFaults(), labels);
        faults("pgmajfault", memory.majorFaults(), labels);
    }

    private void faults(String kind, long count, Labels labels) {
        counter("container_memory_failures_total", "Page faults; a major one waits for a disk.", count,
                labels.merge(Labels.of("failure_type", kind, "scope", "hierarchy")));
    }

    private void block(Usage.Device device, Labels labels) {
        String name = devices.name(device.major(), device.minor());
        Labels here = labels.add("device", name);
        counter("container_fs_reads_bytes_total", "Bytes read from block devices.", device.readBytes(), here);
        counter("container_fs_writes_bytes_total", "Bytes written to block devices.", device.writtenBytes(), here);
        counter("container_fs_reads_total", "Reads from block devices.", device.reads(), here);
        counter("container_fs_writes_total", "Writes to block devices.", device.writes(), here);
        Labels numbered = here.merge(Labels.of("major", Integer.toString(device.major()), "minor",
                Integer.toString(device.minor())));
        String help = "Bytes read from block devices and written to them.";
        counter("container_blkio_device_usage_total", help, device.readBytes(), numbered.add("operation", "Read"));
        counter("container_blkio_device_usage_total", help, device.writtenBytes(), numbered.add("operation", "Write"));
    }

    private void network(NetworkInterface link, Labels labels) {
        Labels here = labels.add("interface", link.name());
        traffic("receive", "received", link.received(), here);
        traffic("transmit", "sent", link.sent(), here);
    }

    private void traffic(String direction, String deed, Traffic traffic, Labels labels) {
        String name = "container_network_" + direction;
        counter(name + "_bytes_total", "Bytes " + deed + ".", traffic.bytes(), labels);
        counter(name + "_packets_total", "Packets " + deed + ".", traffic.packets(), labels);
        counter(name + "_errors_total", "Packets that could not be " + deed + ".", traffic.errors(), labels);
        counter(name + "_packets_dropped_total", "Packets dropped when they were to be " + deed + ".",
                traffic.dropped(), labels);
    }

    private void pressure(String resource, Usage.Pressure pressure, Labels labels) {
        counter("container_pressure_" + resource + "_waiting_seconds_total",
                "How long some of the container waited for " + resource + ".", pressure.waiting() / MICROS, labels);
        counter("container_pressure_" + resource + "_stalled_seconds_total",
                "How long all of the container waited for " + resource + ".", pressure.stalled() / MICROS, labels);
    }

    private void counter(String name, String help, double value, Labels labels) {
        families.counter(name, help, value, labels);
    }

    private void gauge(String name, String help, double value, Labels labels) {
        families.gauge(name, help, value, labels);
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MILLIS;
    }
}
