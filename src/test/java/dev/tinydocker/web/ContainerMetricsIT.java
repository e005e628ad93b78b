package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Figures;
import dev.tinydocker.linux.NetworkInterface;
import dev.tinydocker.linux.NetworkInterface.Traffic;
import dev.tinydocker.support.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Series of a container that has all there is to tell, on either version of cgroups, beside what cAdvisor calls them. */
class ContainerMetricsIT {

    private static final String ID = "/tiny-docker/3f2a9c1b4d5e";
    private static final String WHO = "id=\"" + ID + "\",image=\"nginx:1.27\",name=\"web\"";

    /** Name, further labels, value: those of cAdvisor's docs/storage/prometheus.md. */
    private static final List<String> CADVISOR = List.of(
            "container_cpu_usage_seconds_total cpu=\"total\" 2.5", "container_cpu_user_seconds_total - 2",
            "container_cpu_system_seconds_total - 0.5", "container_cpu_cfs_periods_total - 9",
            "container_cpu_cfs_throttled_periods_total - 3", "container_cpu_cfs_throttled_seconds_total - 0.75",
            "container_spec_cpu_quota - 50000", "container_spec_cpu_period - 100000", "container_spec_cpu_shares - 512",
            "container_memory_usage_bytes - 9000", "container_memory_working_set_bytes - 7000",
            "container_memory_max_usage_bytes - 9500", "container_memory_rss - 5000",
            "container_memory_cache - 3000", "container_memory_mapped_file - 100", "container_memory_swap - 8",
            "container_memory_failcnt - 4", "container_oom_events_total - 2",
            "container_spec_memory_limit_bytes - 67108864",
            "container_memory_failures_total failure_type=\"pgfault\",scope=\"container\" 6",
            "container_memory_failures_total failure_type=\"pgmajfault\",scope=\"container\" 0",
            "container_memory_failures_total failure_type=\"pgfault\",scope=\"hierarchy\" 11",
            "container_memory_failures_total failure_type=\"pgmajfault\",scope=\"hierarchy\" 1",
            "container_fs_reads_bytes_total device=\"700:7\" 4096",
            "container_fs_writes_bytes_total device=\"700:7\" 8192", "container_fs_reads_total device=\"700:7\" 1",
            "container_fs_writes_total device=\"700:7\" 2",
            "container_blkio_device_usage_total device=\"700:7\",major=\"700\",minor=\"7\",operation=\"Read\" 4096",
            "container_blkio_device_usage_total device=\"700:7\",major=\"700\",minor=\"7\",operation=\"Write\" 8192",
            "container_network_receive_bytes_total interface=\"eth0\" 100",
            "container_network_receive_packets_total interface=\"eth0\" 10",
            "container_network_receive_errors_total interface=\"eth0\" 1",
            "container_network_receive_packets_dropped_total interface=\"eth0\" 2",
            "container_network_transmit_bytes_total interface=\"eth0\" 200",
            "container_network_transmit_packets_total interface=\"eth0\" 20",
            "container_network_transmit_errors_total interface=\"eth0\" 3",
            "container_network_transmit_packets_dropped_total interface=\"eth0\" 4",
            "container_processes - 2", "container_threads - 5", "container_threads_max - 100",
            "container_file_descriptors - 12", "container_start_time_seconds - 1.5",
            "container_last_seen - 2.5", "container_pressure_cpu_waiting_seconds_total - 3",
            "container_pressure_cpu_stalled_seconds_total - 1", "container_pressure_memory_waiting_seconds_total - 5",
            "container_pressure_memory_stalled_seconds_total - 4", "container_pressure_io_waiting_seconds_total - 7",
            "container_pressure_io_stalled_seconds_total - 6");

    @TempDir
    Path directory;

    private static String page(OptionalLong quota) {
        Usage usage = new Usage(
                new Usage.Cpu(2_500_000_000L, 2_000_000_000L, 500_000_000L, 9, 3, 750_000_000L, quota, 100_000, 512),
                new Usage.Memory(9000, 9500, 2000, 5000, 3000, 100, 8, OptionalLong.of(64 << 20), 4, 2,
                        new Usage.Faults(6, 0), new Usage.Faults(11, 1)),
                List.of(new Usage.Device(700, 7, 4096, 8192, 1, 2)), List.of(17, 18), 5, OptionalLong.of(100),
                Map.of("cpu", new Usage.Pressure(3_000_000, 1_000_000), "memory",
                        new Usage.Pressure(5_000_000, 4_000_000), "io", new Usage.Pressure(7_000_000, 6_000_000)));
        Figures figures = new Figures("3f2a9c1b4d5e", "web", "nginx:1.27", ID, 17, Instant.ofEpochMilli(1500),
                Instant.ofEpochMilli(2500), usage, List.of(new NetworkInterface("eth0", new Traffic(100, 10, 1, 2),
                        new Traffic(200, 20, 3, 4))), 12, 0);
        PageBuffer page = new PageBuffer();
        new ContainerMetrics(new Families(page, false), new BlockDevices()).write(List.of(figures));
        return page.toString(StandardCharsets.UTF_8);
    }

    private static String series(String wanted) {
        String[] words = wanted.split(" ");
        return words[0] + "{" + WHO + (words[1].equals("-") ? "" : "," + words[1]) + "} " + words[2];
    }

    @Test
    void namesLabelsAndUnitsAreThoseOfCadvisorAndThereAreNoOthers() {
        assertThat(page(OptionalLong.of(50_000)).lines().filter(line -> !line.startsWith("#")).toList())
                .containsExactlyInAnyOrderElementsOf(CADVISOR.stream().map(ContainerMetricsIT::series).toList());
    }

    @Test
    void whoHasNoQuotaHasNoSeriesOfOne() {
        assertThat(page(OptionalLong.empty())).contains("container_spec_cpu_period{", "container_spec_cpu_shares{")
                .doesNotContain("container_cpu_cfs_", "container_spec_cpu_quota");
    }

    /** Also what a host with version 1, without a disk, never tells. */
    @Test
    void prometheusHasNoComplaint() throws IOException {
        Path page = Files.writeString(directory.resolve("page"), page(OptionalLong.of(50_000)));
        assertThat(Commands.run("sh", "-c", "promtool check metrics <" + page + " 2>&1")).isEmpty();
    }
}
