package dev.tinydocker.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code src/test/acceptance/replay} says of some sessions. */
record Replay(int status, String output) {

    static final Path DIRECTORY = Path.of("src", "test", "acceptance").toAbsolutePath();

    /** Replays sessions in one way; {@code environment} is added to ours. Blocks; the replayer bounds itself. */
    static Replay of(String way, List<Path> sessions, Map<String, String> environment) {
        return of(List.of("--way", way), sessions, environment);
    }

    /** The same, with one engine for them all. */
    static Replay together(String way, List<Path> sessions) {
        return of(List.of("--together", "--way", way), sessions, Map.of());
    }

    private static Replay of(List<String> options, List<Path> sessions, Map<String, String> environment) {
        List<String> argv = new ArrayList<>(List.of(DIRECTORY.resolve("replay").toString()));
        argv.addAll(options);
        sessions.forEach(session -> argv.add(session.toAbsolutePath().toString()));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Replay(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sessions were replayed", e);
        }
    }

    /** All sessions but those named, in order. */
    static Stream<Path> sessionsBut(String... names) {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".session"))
                    .filter(file -> !Arrays.asList(names).contains(file.getFileName().toString())).sorted().toList()
                            .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
