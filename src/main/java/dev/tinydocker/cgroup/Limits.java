package dev.tinydocker.cgroup;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a container may use at most; null where nothing was asked, and 0 is read as null, as Docker does.
 *
 * @param memoryBytes {@code --memory}
 * @param memorySwapBytes {@code --memory-swap}: memory and swap together, -1 for as much swap as there is; where null
 *            and memory is set, twice the memory, as Docker does
 * @param cpuMicros {@code --cpus} as CPU time per {@link #CPU_PERIOD_MICROS}
 * @param cpuShares {@code --cpu-shares}, 2 to 262144, relative weight, 1024 is usual
 * @param cpus {@code --cpuset-cpus}, the kernel's list format as in {@code 0-2,4}
 * @param pids {@code --pids-limit}, -1 for no limit
 */
public record Limits(@Nullable Long memoryBytes, @Nullable Long memorySwapBytes, @Nullable Long cpuMicros,
        @Nullable Long cpuShares, @Nullable String cpus, @Nullable Long pids) {

    public static final long CPU_PERIOD_MICROS = 100_000;

    public static final Limits NONE = new Limits(null, null, null, null, null, null);

    public Limits {
        memoryBytes = asked(memoryBytes);
        memorySwapBytes = asked(memorySwapBytes);
        cpuMicros = asked(cpuMicros);
        cpuShares = asked(cpuShares);
        pids = asked(pids);
        cpus = cpus == null || cpus.isEmpty() ? null : cpus;
        if (memorySwapBytes != null && memorySwapBytes > 0) {
            if (memoryBytes == null) {
                throw new InvalidRequest("limit memory and swap together", "memory alone is not limited",
                        "give --memory besides --memory-swap");
            }
            if (memorySwapBytes < memoryBytes) {
                throw new InvalidRequest("limit memory and swap together to " + memorySwapBytes + " bytes",
                        "memory alone may already be " + memoryBytes,
                        "--memory-swap counts both: make it the larger one");
            }
        }
    }

    /** How many processes there may be; null for any number. */
    @Nullable Long pidsLimit() {
        return pids == null || pids < 0 ? null : pids;
    }

    Limits withPids(long most) {
        return new Limits(memoryBytes, memorySwapBytes, cpuMicros, cpuShares, cpus, most);
    }

    private static @Nullable Long asked(@Nullable Long value) {
        return value == null || value == 0 ? null : value;
    }
}
