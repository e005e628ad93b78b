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

    /** How many are online, whichever of them this JVM may use: those that Docker multiplies with. */
    public static int count() {
        return count(KernelFile.read(Path.of("/proc/stat")));
    }

    /** A line for all together, and one for each. */
    static int count(String stat) {
        return Math.max(1, (int) stat.lines().filter(line -> line.matches("cpu[0-9].*")).count());
    }

    static long parse(String stat) {
        return Arrays.stream(stat.lines().findFirst().orElse("").split(" +")).skip(1).limit(MODES)
                .mapToLong(Long::parseLong).sum() * TICK_NANOS;
    }
}
