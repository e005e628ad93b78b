package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.metrics.Timing;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class FamiliesTests {

    private final PageBuffer page = new PageBuffer();

    private Families families(boolean open) {
        return new Families(page, open);
    }

    private String page() {
        return page.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFamilyWithoutSeriesIsNotThere() {
        families(false).counter("a_total", "A.").counter("b_total", "B.").add(Labels.of("x", "1"), 1)
                .add(Labels.of("x", "2").with("y", "z"), 1e15).gauge("c", "C.").add(Labels.NONE, 0.5);
        assertThat(page()).isEqualTo("""
                # HELP b_total B.
                # TYPE b_total counter
                b_total{x="1"} 1
                b_total{x="2",y="z"} 1000000000000000
                # HELP c C.
                # TYPE c gauge
                c 0.5
                """);
    }

    @Test
    void openMetricsNamesACounterWithoutItsEndingAndHasAnotherWordForUnknown() {
        families(true).counter("a_total", "A.").add(Labels.NONE, 1).unknown("b", "B.").add(Labels.NONE, 2);
        assertThat(page()).isEqualTo("""
                # HELP a A.
                # TYPE a counter
                a_total 1
                # HELP b B.
                # TYPE b unknown
                b 2
                """);
        page.reset();
        families(false).unknown("b", "B.").add(Labels.NONE, 2);
        assertThat(page()).contains("# TYPE b untyped");
    }

    @Test
    void whatAUserCanNameStaysInItsLabel() {
        families(false).gauge("a", "A.").add(Labels.of("image", "/dir \"x\"\\\n} 2ü"), 1);
        assertThat(page()).endsWith("a{image=\"/dir \\\"x\\\"\\\\\\n} 2ü\"} 1\n");
    }

    @Test
    void bucketsOfAHistogramCountThoseBelowThemToo() {
        Timing timing = new Timing();
        timing.add(600_000);
        timing.add(700_000);
        timing.add(20_000_000_000L);
        families(false).histogram("h", "H.").add(Labels.of("phase", "host"), timing);
        assertThat(page()).startsWith("""
                # HELP h H.
                # TYPE h histogram
                h_bucket{phase="host",le="0.0005"} 0
                h_bucket{phase="host",le="0.001"} 2
                h_bucket{phase="host",le="0.0025"} 2
                """).endsWith("""
                h_bucket{phase="host",le="10"} 2
                h_bucket{phase="host",le="+Inf"} 3
                h_count{phase="host"} 3
                h_sum{phase="host"} 20.0013
                """);
    }
}
