package dev.tinydocker.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Nftables;
import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a test must leave as it was: mounts, cgroups, links, the packet filter, and of ours processes and sockets. Take
 * one before, and ask it after: {@link #assertUnchanged()} waits for clean-up that goes on after an answer.
 */
public final class HostState {

    private static final int CGROUP_DEPTH = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Set<String>> before = read();

    /** Fails with what is there now and was not, or the reverse. */
    public void assertUnchanged() {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read()).isEqualTo(before));
    }

    private static Map<String, Set<String>> read() {
        try {
            Map<String, Set<String>> state = new TreeMap<>();
            state.put("mounts", new TreeSet<>(Files.readAllLines(Path.of("/proc/self/mountinfo"))));
            state.put("links", names(Path.of("/sys/class/net")));
            state.put("packet filter", new TreeSet<>(List.of(filter())));
            state.put("cgroups", cgroups());
            state.put("processes", processes());
            state.put("unix sockets", sockets());
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String filter() {
        try (Nftables nftables = Nftables.open()) {
            return nftables.run("list ruleset");
        }
    }

    /** The cgroups of containers: their names are ids. One that vanishes while it is looked at is gone. */
    private static Set<String> cgroups() throws IOException {
        Set<String> found = new TreeSet<>();
        Files.walkFileTree(Path.of("/sys/fs/cgroup"), Set.of(), CGROUP_DEPTH, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                keep(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isDirectory()) {
                    keep(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            private void keep(Path directory) {
                if (directory.getFileName().toString().matches("[0-9a-f]{64}")) {
                    found.add(directory.toString());
                }
            }
        });
        return found;
    }

    /** Shims, and the stages of what they start; a zombie is one too many. */
    private static Set<String> processes() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (entry.getFileName().toString().matches("[0-9]+")) {
                    try {
                        String name = Files.readString(entry.resolve("comm")).strip();
                        if (name.startsWith("tiny-shim") || name.startsWith("tds:")) {
                            found.add(entry.getFileName() + " " + name);
                        }
                    } catch (IOException e) {
                        // Gone since it was listed, which is as good as never there.
                        continue;
                    }
                }
            }
        }
        return found;
    }

    /** Those that shims listen on. */
    private static Set<String> sockets() throws IOException {
        return Files.readAllLines(Path.of("/proc/net/unix")).stream().filter(line -> line.endsWith("/shim.sock"))
                .map(line -> line.substring(line.indexOf('/'))).collect(Collectors.toCollection(TreeSet::new));
    }
}
