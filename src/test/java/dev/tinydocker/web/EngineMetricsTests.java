package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the engine tells of itself. */
class EngineMetricsTests {

    /** Whatever the size of a page is on this machine. */
    @Test
    void residentMemoryIsWhatTheKernelSaysInKilobytes() {
        assertThat(EngineMetrics.resident("Name:\tjava\nVmHWM:\t  190000 kB\nVmRSS:\t  149504 kB\nRssAnon:\t   9 kB\n"))
                .hasValue(149_504L * 1024);
        assertThat(EngineMetrics.resident("Name:\tkthreadd\n")).isEmpty();
    }
}
