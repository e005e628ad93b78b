package dev.tinydocker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class TimingTests {

    @Test
    void eachTimeFallsIntoTheFirstBucketThatIsLongEnough() {
        Timing timing = new Timing();
        timing.add(500_000);
        timing.add(500_001);
        timing.add(6_400_000);
        timing.add(60_000_000_000L);

        long[] counts = timing.counts();
        assertThat(counts).hasSameSizeAs(Timing.bounds());
        assertThat(counts[0]).isEqualTo(1);
        assertThat(counts[1]).isEqualTo(1);
        assertThat(counts[4]).as("up to 10 ms").isEqualTo(1);
        assertThat(counts[counts.length - 1]).isEqualTo(1);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(4);
        assertThat(timing.seconds()).isBetween(60.0, 60.1);
    }

    @Test
    void failuresAreCountedByStep() {
        EngineCounts counts = new EngineCounts();
        counts.failed("exec");
        counts.failed("exec");
        counts.failed("mount_in");
        assertThat(counts.failures()).containsEntry("exec", 2L).containsEntry("mount_in", 1L);
    }
}
