package dev.tinydocker.cgroup;

import dev.tinydocker.linux.ByteSize;
import dev.tinydocker.linux.HostCpu;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.OptionalLong;

import static dev.tinydocker.problem.InvalidRequest.ofOption;

/**
 * Reads the words of the options that limit a container, as Docker spells them; 0 stands for "no limit" in all of them.
 */
public final class LimitsParser {

    private static final long LEAST_MEMORY_BYTES = 6 << 20;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;

    private LimitsParser() {
    }

    /** {@code --memory}: bytes, with b, k, m or g for powers of 1024; at least 6 MiB. */
    public static long memory(String word) {
        long bytes = bytes("--memory", word);
        if (bytes != 0 && bytes < LEAST_MEMORY_BYTES) {
            throw ofOption("--memory", word, "no program starts in so little", "give at least 6m");
        }
        return bytes;
    }

    /** {@code --memory-swap}: bytes as for memory, or -1 for as much swap as there is. */
    public static long memorySwap(String word) {
        return word.equals("-1") ? -1 : bytes("--memory-swap", word);
    }

    /**
     * {@code --cpus}: a decimal number of CPUs, in steps of 0.01; answered as microseconds per
     * {@link Limits#CPU_PERIOD_MICROS}.
     */
    public static long cpus(String word) {
        return cpus(word, HostCpu.count());
    }

    static long cpus(String word, int available) {
        BigDecimal cpus;
        try {
            cpus = word.length() > 20 ? BigDecimal.valueOf(-1) : new BigDecimal(word);
        } catch (NumberFormatException e) {
            throw ofOption("--cpus", word, "it is not a number", "give a number of CPUs as in 0.5 or 2");
        }
        // The kernel accepts 1 ms in 100 ms at least.
        boolean inRange = cpus.compareTo(new BigDecimal("0.01")) >= 0
                && cpus.compareTo(BigDecimal.valueOf(available)) <= 0;
        if (cpus.signum() != 0 && !inRange) {
            throw ofOption("--cpus", word, "this host has " + available + " CPUs",
                    "give a number from 0.01 to " + available + ".00");
        }
        return cpus.multiply(BigDecimal.valueOf(Limits.CPU_PERIOD_MICROS)).longValue();
    }

    /** {@code --cpu-shares}: a weight from 2 to 262144. */
    public static long cpuShares(String word) {
        String hint = "give a weight from 2 to 262144; 1024 is usual";
        long shares = number("--cpu-shares", word, hint);
        if (shares != 0 && (shares < LEAST_SHARES || shares > MOST_SHARES)) {
            throw ofOption("--cpu-shares", word, "it is out of range", hint);
        }
        return shares;
    }

    /** {@code --cpuset-cpus}: the kernel's list format, as in {@code 0-2,4}. */
    public static String cpuset(String word) {
        return cpuset(word, CpuList.online());
    }

    static String cpuset(String word, BitSet online) {
        BitSet asked = CpuList.parse(word).filter(cpus -> !cpus.isEmpty()).orElseThrow(
                () -> ofOption("--cpuset-cpus", word, "it is not a list of CPUs",
                        "give numbers and ranges as in 0-2,4"));
        asked.andNot(online);
        if (!asked.isEmpty()) {
            throw ofOption("--cpuset-cpus", word, "this host has no CPU " + asked.nextSetBit(0),
                    "it has " + CpuList.format(online));
        }
        return word;
    }

    /** {@code --pids-limit}: a number of processes and threads; -1 and 0 for no limit. */
    public static long pids(String word) {
        String hint = "give how many processes may run, or -1 for any number";
        long pids = number("--pids-limit", word, hint);
        if (pids < -1) {
            throw ofOption("--pids-limit", word, "it is negative", hint);
        }
        return pids == 0 ? -1 : pids;
    }

    /** {@code --shm-size}: bytes as for memory. */
    public static Long shm(String word) {
        long bytes = bytes("--shm-size", word);
        if (bytes == 0) {
            throw ofOption("--shm-size", word, "nothing fits into that", "give a size as in 64m");
        }
        return bytes;
    }

    private static long bytes(String option, String word) {
        OptionalLong bytes = ByteSize.parse(word, 1024);
        return bytes.orElseThrow(() -> ofOption(option, word, "it is not a size",
                "give bytes, or a number with k, m or g as in 128m"));
    }

    private static long number(String option, String word, String hint) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw ofOption(option, word, "it is not a number", hint);
        }
    }
}
