package dev.tinydocker.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's settings under /proc/sys, proc_sys(5). */
public final class Sysctl {

    private static final int PAGE = 4096;

    private Sysctl() {
    }

    /**
     * A setting's value without the line's end.
     *
     * @param name as sysctl(8) has it, for example {@code fs.nr_open}, but with slashes where a part of it may hold a
     *            dot, as a link's name may
     * @throws UncheckedIOException where this kernel has no such setting
     */
    public static String get(String name) {
        // One read(2): the kernel answers a number to the first one only, and Files.readString begins with a byte.
        try (InputStream file = Files.newInputStream(file(name))) {
            byte[] page = new byte[PAGE];
            int length = file.read(page);
            return new String(page, 0, Math.max(length, 0), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What there are settings for, as in {@code net/ipv6/conf}: links there. */
    public static List<String> names(String directory) {
        try (Stream<Path> entries = Files.list(Path.of("/proc/sys/" + directory))) {
            return entries.map(Path::getFileName).map(String::valueOf).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sets a setting.
     *
     * @param name as sysctl(8) has it, but with slashes where a part of it may hold a dot, as a link's name may
     * @throws UncheckedIOException where this kernel has no such setting, or does not take the value
     */
    public static void set(String name, String value) {
        try (OutputStream out = Files.newOutputStream(file(name), StandardOpenOption.WRITE)) {
            out.write(value.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String name) {
        return Path.of("/proc/sys/" + (name.contains("/") ? name : name.replace('.', '/')));
    }
}
