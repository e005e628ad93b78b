package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.metrics.EngineCounts;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** What the engine tells of itself. */
class EngineMetricsTests {

    @Test
    void whatWasCountedIsToldUnderItsName() {
        EngineCounts counts = new EngineCounts();
        counts.started();
        counts.failed("exec");
        counts.failed("exec");
        counts.pulled(true);
        counts.pulled(false);
        counts.pulled(false);
        counts.received(4096);
        counts.phase(EngineCounts.Phase.CHILD).add(2_000_000);
        PageBuffer page = new PageBuffer();
        new EngineMetrics(new Families(page, false)).counts(counts);
        assertThat(page.toString(StandardCharsets.UTF_8).lines()).contains("tiny_container_starts_total 1",
                "tiny_container_start_failures_total{step=\"exec\"} 2",
                "tiny_container_start_failures_total{step=\"plan\"} 0", "tiny_image_pulls_total{result=\"success\"} 1",
                "tiny_image_pulls_total{result=\"failure\"} 2", "tiny_image_received_bytes_total 4096",
                "tiny_container_start_seconds_bucket{phase=\"child\",le=\"0.001\"} 0",
                "tiny_container_start_seconds_bucket{phase=\"child\",le=\"0.0025\"} 1",
                "tiny_container_start_seconds_sum{phase=\"child\"} 0.002",
                "tiny_container_start_seconds_count{phase=\"total\"} 0");
    }

    /** Whatever the size of a page is on this machine. */
    @Test
    void residentMemoryIsWhatTheKernelSaysInKilobytes() {
        assertThat(EngineMetrics.resident("Name:\tjava\nVmHWM:\t  190000 kB\nVmRSS:\t  149504 kB\nRssAnon:\t   9 kB\n"))
                .hasValue(149_504L * 1024);
        assertThat(EngineMetrics.resident("Name:\tkthreadd\n")).isEmpty();
    }
}
