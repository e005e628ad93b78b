package dev.tinydocker.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, each time: how often it took no longer than each of a few durations, and all together. */
public final class Timing {

    private static final double NANOS = 1e9;

    /** In seconds; the last bucket has no upper end. From half a millisecond, since a whole start takes about six. */
    private static final double[] BOUNDS = { 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
        10, Double.POSITIVE_INFINITY };

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length);
    private final LongAdder nanos = new LongAdder();

    public void add(long elapsedNanos) {
        double seconds = elapsedNanos / NANOS;
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        nanos.add(elapsedNanos);
    }

    /** The upper ends of the buckets in seconds. */
    public static double[] bounds() {
        return BOUNDS.clone();
    }

    /** How many fell into each bucket and not into one before. */
    public long[] counts() {
        long[] all = new long[BOUNDS.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = counts.get(i);
        }
        return all;
    }

    /** All together. */
    public double seconds() {
        return nanos.sum() / NANOS;
    }
}
