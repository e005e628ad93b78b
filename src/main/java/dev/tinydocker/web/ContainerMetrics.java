package dev.tinydocker.web;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Figures;
import dev.tinydocker.linux.NetworkInterface;
import dev.tinydocker.linux.NetworkInterface.Traffic;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

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

    /** Something that has figures, and what tells it from others. */
    private record Labelled<T>(Labels labels, T figures) {

        private <U> Labelled<U> map(Function<T, U> part) {
            return new Labelled<>(labels, part.apply(figures));
        }

        private Labelled<T> with(String name, String value) {
            return new Labelled<>(labels.with(name, value), figures);
        }
    }

    void write(List<Figures> containers) {
        List<Labelled<Figures>> all = containers.stream().map(container -> new Labelled<>(
                Labels.of("id", container.cgroup()).with("image", container.image()).with("name", container.name()),
                container)).toList();
        cpu(all.stream().map(container -> container.map(figures -> figures.usage().cpu())).toList());
        memory(all.stream().map(container -> container.map(figures -> figures.usage().memory())).toList());
        disks(all.stream().flatMap(container -> container.figures.usage().devices().stream().map(device ->
                container.map(_ -> device).with("device", devices.name(device.major(), device.minor())))).toList());
        List<Labelled<NetworkInterface>> links = all.stream().flatMap(container -> container.figures.interfaces()
                .stream().map(link -> container.map(_ -> link).with("interface", link.name()))).toList();
        traffic("receive", "received", links, NetworkInterface::received);
        traffic("transmit", "sent", links, NetworkInterface::sent);
        Stream.of("cpu", "memory", "io").forEach(resource -> pressure(resource, all.stream().flatMap(container ->
                Stream.ofNullable(container.figures.usage().pressure().get(resource))
                        .map(pressure -> container.map(_ -> pressure))).toList()));
        gauge("container_processes", "Processes in the container.", all, of -> of.usage().processes().size());
        gauge("container_threads", "Threads in the container.", all, of -> of.usage().threads());
        gauge("container_threads_max", "How many threads the container may have, 0 for no limit.", all,
                of -> of.usage().threadsLimit().orElse(0));
        gauge("container_file_descriptors", "Open files of all processes of the container.", all,
                Figures::descriptors);
        gauge("container_start_time_seconds", "When the container was started, in seconds since the epoch.", all,
                of -> seconds(of.startedAt()));
        gauge("container_last_seen", "When these figures were read, in seconds since the epoch.", all,
                of -> seconds(of.at()));
    }

    private void cpu(List<Labelled<Usage.Cpu>> all) {
        counter("container_cpu_usage_seconds_total", "Time on processors.",
                all.stream().map(container -> container.with("cpu", "total")).toList(), cpu -> cpu.total() / NANOS);
        counter("container_cpu_user_seconds_total", "Time on processors in programs.", all, cpu -> cpu.user() / NANOS);
        counter("container_cpu_system_seconds_total", "Time on processors in the kernel.", all,
                cpu -> cpu.system() / NANOS);
        List<Labelled<Usage.Cpu>> held = all.stream().filter(cpu -> cpu.figures.quotaMicros().isPresent()).toList();
        counter("container_cpu_cfs_periods_total", "Periods of the quota that have passed.", held, Usage.Cpu::periods);
        counter("container_cpu_cfs_throttled_periods_total", "Periods in which the quota held the container back.",
                held, Usage.Cpu::throttledPeriods);
        counter("container_cpu_cfs_throttled_seconds_total", "How long the quota held the container back.", held,
                cpu -> cpu.throttled() / NANOS);
        gauge("container_spec_cpu_quota", "Microseconds on processors that each period grants.", held,
                cpu -> cpu.quotaMicros().orElse(0));
        gauge("container_spec_cpu_period", "Microseconds of a period of the quota.", all, Usage.Cpu::periodMicros);
        gauge("container_spec_cpu_shares", "The weight against others, 1024 is usual.", all, Usage.Cpu::shares);
    }

    private void memory(List<Labelled<Usage.Memory>> all) {
        gauge("container_memory_usage_bytes", "Memory in use, the cache of files too.", all, Usage.Memory::usage);
        gauge("container_memory_working_set_bytes", "Memory in use without the cache that goes first.", all,
                Usage.Memory::workingSet);
        gauge("container_memory_max_usage_bytes", "Most memory that was in use.", all, Usage.Memory::peak);
        gauge("container_memory_rss", "Anonymous memory in bytes.", all, Usage.Memory::rss);
        gauge("container_memory_cache", "Cache of files in bytes.", all, Usage.Memory::cache);
        gauge("container_memory_mapped_file", "Files mapped into memory in bytes.", all, Usage.Memory::mapped);
        gauge("container_memory_swap", "Swap in use in bytes.", all, Usage.Memory::swap);
        add(families.unknown("container_memory_failcnt", "How often the limit of memory was reached."), all,
                Usage.Memory::failures);
        counter("container_oom_events_total", "Processes killed because memory ran out.", all, Usage.Memory::oomKills);
        gauge("container_spec_memory_limit_bytes", "How much memory the container may use, 0 for no limit.", all,
                memory -> memory.limit().orElse(0));
        families.counter("container_memory_failures_total", "Page faults; a major one waits for a disk.");
        faults("container", all, Usage.Memory::faults);
        faults("hierarchy", all, Usage.Memory::allFaults);
    }

    private void faults(String scope, List<Labelled<Usage.Memory>> all, Function<Usage.Memory, Usage.Faults> which) {
        List<Labelled<Usage.Faults>> faults = all.stream().map(memory -> memory.map(which)).toList();
        add(families, faults.stream().map(each -> each.with("failure_type", "pgfault").with("scope", scope)).toList(),
                Usage.Faults::all);
        add(families, faults.stream().map(each -> each.with("failure_type", "pgmajfault").with("scope", scope))
                .toList(), Usage.Faults::major);
    }

    private void disks(List<Labelled<Usage.Device>> all) {
        counter("container_fs_reads_bytes_total", "Bytes read from block devices.", all, Usage.Device::readBytes);
        counter("container_fs_writes_bytes_total", "Bytes written to block devices.", all, Usage.Device::writtenBytes);
        counter("container_fs_reads_total", "Reads from block devices.", all, Usage.Device::reads);
        counter("container_fs_writes_total", "Writes to block devices.", all, Usage.Device::writes);
        List<Labelled<Usage.Device>> numbered = all.stream().map(device -> device
                .with("major", Integer.toString(device.figures.major()))
                .with("minor", Integer.toString(device.figures.minor()))).toList();
        families.counter("container_blkio_device_usage_total",
                "Bytes read from block devices and written to them.");
        add(families, numbered.stream().map(device -> device.with("operation", "Read")).toList(),
                Usage.Device::readBytes);
        add(families, numbered.stream().map(device -> device.with("operation", "Write")).toList(),
                Usage.Device::writtenBytes);
    }

    private void traffic(String direction, String deed, List<Labelled<NetworkInterface>> links,
            Function<NetworkInterface, Traffic> side) {
        List<Labelled<Traffic>> all = links.stream().map(link -> link.map(side)).toList();
        String name = "container_network_" + direction;
        counter(name + "_bytes_total", "Bytes " + deed + ".", all, Traffic::bytes);
        counter(name + "_packets_total", "Packets " + deed + ".", all, Traffic::packets);
        counter(name + "_errors_total", "Packets that could not be " + deed + ".", all, Traffic::errors);
        counter(name + "_packets_dropped_total", "Packets dropped when they were to be " + deed + ".", all,
                Traffic::dropped);
    }

    private void pressure(String resource, List<Labelled<Usage.Pressure>> all) {
        counter("container_pressure_" + resource + "_waiting_seconds_total",
                "How long some of the container waited for " + resource + ".", all, of -> of.waiting() / MICROS);
        counter("container_pressure_" + resource + "_stalled_seconds_total",
                "How long all of the container waited for " + resource + ".", all, of -> of.stalled() / MICROS);
    }

    private <T> void counter(String name, String help, List<Labelled<T>> all, ToDoubleFunction<T> value) {
        add(families.counter(name, help), all, value);
    }

    private <T> void gauge(String name, String help, List<Labelled<T>> all, ToDoubleFunction<T> value) {
        add(families.gauge(name, help), all, value);
    }

    private static <T> void add(Families family, List<Labelled<T>> all, ToDoubleFunction<T> value) {
        all.forEach(each -> family.add(each.labels, value.applyAsDouble(each.figures)));
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MILLIS;
    }
}
