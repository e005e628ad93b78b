package dev.tinydocker.linux;

import java.nio.file.Path;
import java.util.Arrays;

/** The time of all processors of this host. */
public final class HostCpu {

    private static final long TICK_NANOS = 10_000_000;
    /** user, nice, system, idle, iowait, irq, softirq: what Docker takes for all there is. */
    private static final int MODES = 7;

    private HostCpu() {
    }

    /** Since it was booted, used or not, in nanoseconds: the first line of /proc/stat, proc(5). */
    public static long nanos() {
        return parse(KernelFile.read(Path.of("/proc/stat")));
    }

    static long parse(String stat) {
        return Arrays.stream(stat.lines().findFirst().orElse("").split(" +")).skip(1).limit(MODES)
                .mapToLong(Long::parseLong).sum() * TICK_NANOS;
    }
}
