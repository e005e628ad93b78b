package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of cgroups: short texts, read and written whole. */
final class CgroupFiles {

    private CgroupFiles() {
    }

    /**
     * The text without its newline; empty where there is no such file, because the cgroup is gone or the kernel has
     * none.
     */
    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            // ENODEV: the cgroup went while it was read.
            if (!Files.exists(file)) {
                return "";
            }
            throw new SystemFailure("read '" + file + "'", FileFailures.reason(e), "", e);
        }
    }

    /** The words of a file that is a list of words. */
    static Set<String> words(Path file) {
        String text = read(file);
        return text.isEmpty() ? Set.of() : Set.of(text.split("\\s+"));
    }

    /** The number after a key, one on a line; 0 where there is none. */
    static long number(Path file, String key) {
        return read(file).lines().filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip())).findFirst().orElse(0);
    }

    /**
     * Writes an existing file; creating one in its place, as on an ordinary file system, would hide that the kernel has
     * none.
     */
    static void write(Path file, String value) throws IOException {
        Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }

    /** Makes the cgroup; an existing one is fine. */
    static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new HostLacks("make the cgroup '" + directory + "'", FileFailures.reason(e),
                    "cgroups must be mounted writable, and tiny-docker run as root", e);
        }
    }

    /** The cgroups directly below; none where the directory is missing. */
    static List<Path> children(Path directory) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            entries.forEach(children::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new SystemFailure("list '" + directory + "'", FileFailures.reason(e), "", e);
        }
        return children;
    }
}
