package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program as it was built, started by its launcher as a user would, on roots of its own. Closing ends its engine.
 */
final class Tiny implements AutoCloseable {

    static final Path HOME = Path.of("").toAbsolutePath();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long COMMAND_SECONDS = 60;

    final Path run;
    final Path data;
    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;
    private final Set<String> linksBefore = links();

    /** @param directory an existing one, for all there will be */
    Tiny(Path directory) {
        this.directory = directory;
        this.run = directory.resolve("run");
        this.data = directory.resolve("data");
        environment.put("TINY_RUN_ROOT", run.toString());
        environment.put("TINY_DATA_ROOT", data.toString());
        environment.put("TINY_METRICS_PORT", "-1");
        environment.put("TINY_CGROUP_PARENT", "tl-" + ProcessHandle.current().pid());
        environment.put("TINY_NETWORK_BRIDGE", "tl-" + ProcessHandle.current().pid());
    }

    /** What a command has printed, and its exit code. */
    record Result(int status, String out, String err) {
    }

    Tiny with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Result tiny(String... words) throws IOException {
        return finish(start(words));
    }

    /** What a command prints that must succeed. */
    String ok(String... words) throws IOException {
        Result result = tiny(words);
        assertThat(result.status()).as("%s: %s", String.join(" ", words), result.err()).isZero();
        return result.out();
    }

    Process start(String... words) throws IOException {
        return start(Stream.concat(Stream.of(HOME.resolve("tiny").toString()), Stream.of(words)).toList());
    }

    /** Any program, with the environment of the launcher. */
    Process start(List<String> argv) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    static Result finish(Process process) throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Result(process.exitValue(), text(process.getInputStream().readAllBytes()),
                text(process.getErrorStream().readAllBytes()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The process that is the engine, as its lock tells. */
    ProcessHandle engine() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(run.resolve("engine.lock")).strip())).orElseThrow();
    }

    String log() throws IOException {
        return Files.readString(data.resolve("engine.log"));
    }

    static void awaitEnd(ProcessHandle process) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> !process.isAlive());
    }

    /** What is on the host that was not there before us: processes that were told our roots, cgroups, links, mounts. */
    List<String> remains() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes.filter(process -> process.getFileName().toString().matches("[0-9]+")).filter(this::isOurs)
                    .forEach(process -> found.add("process " + process.getFileName()));
        }
        try (Stream<Path> cgroups = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
            // The parent itself stays, as a cgroup for all containers to come.
            cgroups.filter(cgroup -> cgroup.endsWith(parent()) && hasChildren(cgroup))
                    .forEach(cgroup -> found.add("cgroup " + cgroup));
        }
        // A link goes with its namespace, some time after the container.
        links().stream().filter(link -> !linksBefore.contains(link)).forEach(link -> found.add("link " + link));
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            mounts.filter(mount -> mount.contains(directory.toString())).forEach(found::add);
        }
        return found;
    }

    /** What goes may be gone just when it is looked at. */
    void awaitNothingLeft() {
        Awaitility.await().atMost(PATIENCE).ignoreException(UncheckedIOException.class)
                .untilAsserted(() -> assertThat(remains()).isEmpty());
    }

    /** Waits until the engine that has the lock, or had it last, is gone. */
    void awaitEngineEnd() throws IOException {
        long pid = Long.parseLong(Files.readString(run.resolve("engine.lock")).strip());
        ProcessHandle.of(pid).ifPresent(Tiny::awaitEnd);
    }

    /** The host's ends of containers' links. */
    private static Set<String> links() {
        String[] names = new File("/sys/class/net").list((_, name) -> name.startsWith("tny"));
        return Set.of(Objects.requireNonNull(names));
    }

    private String parent() {
        return environment.getOrDefault("TINY_CGROUP_PARENT", "");
    }

    private boolean isOurs(Path process) {
        return contains(process.resolve("environ"), "TINY_RUN_ROOT=" + run) || contains(process.resolve("cgroup"), "/"
                + parent() + "/");
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            // It has ended while we looked.
            return false;
        }
    }

    private static boolean hasChildren(Path cgroup) {
        try (Stream<Path> children = Files.list(cgroup)) {
            return children.anyMatch(Files::isDirectory);
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes all there are, where there is an engine that knows. */
    void removeContainers() throws IOException {
        if (Files.exists(run.resolve("engine.sock"))) {
            String left = tiny("ps", "-aq").out().strip();
            if (!left.isEmpty()) {
                tiny(Stream.concat(Stream.of("rm", "-f"), left.lines()).toArray(String[]::new));
            }
        }
    }

    @Override
    public void close() throws IOException {
        removeContainers();
        if (Files.exists(run.resolve("engine.lock"))) {
            ProcessHandle.of(Long.parseLong(Files.readString(run.resolve("engine.lock")).strip()))
                    .ifPresent(process -> {
                process.destroy();
                awaitEnd(process);
            });
        }
    }
}
