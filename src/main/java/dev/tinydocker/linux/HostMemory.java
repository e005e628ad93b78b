package dev.tinydocker.linux;

import java.nio.file.Path;

/** The memory of this host in bytes: /proc/meminfo, proc(5). */
public record HostMemory(long total, long swap) {

    private static final long KIB = 1024;

    public static HostMemory read() {
        String text = KernelFile.read(Path.of("/proc/meminfo"));
        return new HostMemory(kib(text, "MemTotal:") * KIB, kib(text, "SwapTotal:") * KIB);
    }

    /** The kernel's unit of it, getpagesize(2). */
    public static int pageBytes() {
        return Libc.getpagesize();
    }

    private static long kib(String text, String key) {
        return text.lines().filter(line -> line.startsWith(key)).map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong).findFirst().orElse(0);
    }
}
