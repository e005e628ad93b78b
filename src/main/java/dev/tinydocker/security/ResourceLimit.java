package dev.tinydocker.security;

/**
 * {@code --ulimit NAME=SOFT[:HARD]}, prlimit(2). -1 stands for unlimited. {@code name} is Docker's: nofile, nproc,
 * core, ...
 */
public record ResourceLimit(String name, long soft, long hard) {
}
