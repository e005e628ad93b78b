package dev.tinydocker.cgroup;

/** Reads the words of the options that limit a container, as Docker spells them. */
public final class LimitsParser {

    private LimitsParser() {
    }

    /** {@code --memory}: bytes, with b, k, m or g for powers of 1024; at least 6 MiB. */
    public static long memory(String word) {
        throw new UnsupportedOperationException();
    }

    /** {@code --memory-swap}: bytes as for memory, or -1 for as much swap as there is. */
    public static long memorySwap(String word) {
        throw new UnsupportedOperationException();
    }

    /** {@code --cpus}: a decimal number of CPUs, in steps of 0.01; answered as microseconds per {@link Limits#CPU_PERIOD_MICROS}. */
    public static long cpus(String word) {
        throw new UnsupportedOperationException();
    }

    /** {@code --cpu-shares}: a weight from 2 to 262144. */
    public static long cpuShares(String word) {
        throw new UnsupportedOperationException();
    }

    /** {@code --cpuset-cpus}: the kernel's list format, as in {@code 0-2,4}. */
    public static String cpuset(String word) {
        throw new UnsupportedOperationException();
    }

    /** {@code --pids-limit}: a number of processes and threads; -1 and 0 for no limit. */
    public static long pids(String word) {
        throw new UnsupportedOperationException();
    }
}
