package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program of this host's, limactl or ssh(1): looked for each time, and started in the environment of whoever asks.
 *
 * @param name or path
 * @param variable of the environment, which may name another; empty where none does
 * @param usual where it may be beside PATH
 * @param remedy what to do where there is none
 */
record HostProgram(String name, String variable, List<String> usual, String remedy) {

    private static final Duration STREAMS = Duration.ofSeconds(5);
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(20);
    /** Whoever reads one stream must not keep the reader of another waiting, as in the common pool of a small host. */
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);
    private static final File NOTHING = new File("/dev/null");
    /** What the kernel says, in the message of {@link ProcessBuilder#start}. */
    private static final Pattern REASON = Pattern.compile("error[:=] ?\\d+[ ,]*\\(?([^)]*)");

    HostProgram(String name) {
        this(name, "", List.of(), "install it");
    }

    /**
     * Asks for an answer; it gets no input.
     *
     * @throws HostLacks where there is no such program
     * @throws SystemFailure where it cannot be executed, or does not answer in time
     * @throws Interrupted where the user does not wait: it is ended
     */
    Answer ask(Duration patience, List<String> words) {
        Process process = start(builder(words).redirectInput(NOTHING));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), THREADS);
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), THREADS);
        int status = await(process, patience);
        // What it has left in the background may hold its streams open for good.
        return new Answer(status, out.completeOnTimeout("", STREAMS.toMillis(), TimeUnit.MILLISECONDS).join(),
                err.completeOnTimeout("", STREAMS.toMillis(), TimeUnit.MILLISECONDS).join());
    }

    /** Has what it says added to a file, and returns its exit status; ends as {@link #ask} does. */
    int logged(Path log, Duration patience, List<String> words) {
        ProcessBuilder builder = builder(words).redirectInput(NOTHING).redirectErrorStream(true);
        return await(start(builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))), patience);
    }

    /** Starts it with pipes for its streams. */
    Process open(List<String> words) {
        return start(builder(words));
    }

    /** Ends it: limactl hands no signal on to its ssh, which would be left behind. */
    static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    /** The same, and returns when nothing of it is there any more. */
    private static void endAll(Process process) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroy);
        Instant deadline = Instant.now().plus(FAREWELL);
        while (all.stream().anyMatch(ProcessHandle::isAlive) && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private ProcessBuilder builder(List<String> words) {
        Caller caller = Caller.current();
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(path(caller)), words.stream()).toList());
        builder.environment().clear();
        builder.environment().putAll(caller.environment());
        return builder;
    }

    /** Looked for here: {@link ProcessBuilder} knows the PATH of this JVM alone. */
    private String path(Caller caller) {
        String other = caller.variable(variable);
        String wanted = other.isEmpty() ? name : other;
        if (wanted.contains("/")) {
            return wanted;
        }
        Stream<String> inPath = Stream.of(caller.variable("PATH").split(":")).filter(directory -> !directory.isEmpty())
                .map(directory -> caller.directory().resolve(directory).resolve(wanted).toString());
        return Stream.concat(inPath, other.isEmpty() ? usual.stream() : Stream.empty())
                .filter(file -> Files.isRegularFile(Path.of(file)) && Files.isExecutable(Path.of(file))).findFirst()
                .orElse(wanted);
    }

    private Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            String file = builder.command().getFirst();
            if (file.contains("/") && Files.exists(Path.of(file))) {
                String said = String.valueOf(e.getMessage());
                Matcher reason = REASON.matcher(said);
                throw new SystemFailure("execute '" + file + "'", reason.find() ? reason.group(1) : said,
                        "see its mode, and which machine it is for", e);
            }
            throw new HostLacks("start '" + name + "'", "it is not installed", remedy, e);
        }
    }

    private int await(Process process, Duration patience) {
        try {
            return Wait.await(CompletableFuture.supplyAsync(() -> status(process), THREADS), patience);
        } catch (TimeoutException e) {
            endAll(process);
            throw new SystemFailure("ask '" + name + "'", "it did not answer in " + patience.toSeconds() + " seconds",
                    "see what 'limactl list' says");
        } catch (Interrupted e) {
            endAll(process);
            throw e;
        }
    }

    private static int status(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
