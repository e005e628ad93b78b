package dev.tinydocker.security;

/**
 * {@code --ulimit NAME=SOFT[:HARD]}, prlimit(2). -1 stands for unlimited. {@code name} is Docker's: nofile, nproc,
 * core, ...
 */
public record ResourceLimit(String name, long soft, long hard) {

    /** {@code SOFT:HARD}, as {@code --ulimit} takes it. */
    public String word() {
        return word(soft) + ":" + word(hard);
    }

    private static String word(long value) {
        return value == -1 ? "unlimited" : Long.toUnsignedString(value);
    }
}
