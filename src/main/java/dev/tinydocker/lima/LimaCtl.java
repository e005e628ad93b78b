package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lima's command line, the one place that starts it. It is asked anew each time: nothing of its answers is kept. */
final class LimaCtl {

    /** limactl says on standard error what it logs: {@code time="…" level=warning msg="…"}. */
    private static final Pattern LOGGED = Pattern.compile("msg=\"((?:[^\"\\\\]|\\\\.)*)\"(?: errors=\"\\[(.*)]\")?");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** Whoever reads one stream must not keep the reader of another waiting, as in the common pool of a small host. */
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);
    private static final File NOTHING = new File("/dev/null");

    private final String program;
    private final String instance;
    private final Duration brokenFor;

    /**
     * @param program its name or path
     * @param instance which of Lima's instances is ours
     * @param brokenFor how long one must be broken before it is believed: while it starts, it looks so for a moment
     */
    LimaCtl(String program, String instance, Duration brokenFor) {
        this.program = program;
        this.instance = instance;
        this.brokenFor = brokenFor;
    }

    /** How it stands now. */
    Standing standing() {
        Answer version;
        Answer list;
        try {
            CompletableFuture<Answer> asked = CompletableFuture.supplyAsync(() -> ask("--version"), THREADS);
            list = ask("list", instance, "--format", "json");
            version = asked.join();
        } catch (HostLacks e) {
            return new Standing.NotInstalled();
        }
        LimaVersion found = LimaVersion.parse(version.out());
        if (version.status() == 0 && !found.isEnough()) {
            return new Standing.TooOld(found.text());
        }
        Instant deadline = Instant.now().plus(brokenFor);
        while (list.status() == 0 && isBroken(list) && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(PAUSE.toNanos());
            list = ask("list", instance, "--format", "json");
        }
        return standing(list);
    }

    private boolean isBroken(Answer list) {
        return Instance.parse(instance, list.out()).map(found -> found.status().equals("Broken")).orElse(false);
    }

    private Standing standing(Answer list) {
        Instance found = Instance.parse(instance, list.out()).orElse(null);
        if (found == null) {
            boolean absent = list.out().isBlank() && list.err().contains("No instance matching");
            return absent ? new Standing.Absent(instance) : new Standing.Unclear(said(list));
        }
        return switch (found.status()) {
            case "Broken" -> new Standing.Broken(found, said(list));
            case String _ when !found.ours() -> new Standing.Foreign(found);
            case "Running" -> new Standing.Running(found);
            case "Stopped" -> new Standing.Stopped(found);
            default -> new Standing.Unclear("it calls the instance '" + found.status() + "'");
        };
    }

    /** What limactl has logged, without times and levels, in one line. */
    static String said(Answer answer) {
        Matcher logged = LOGGED.matcher(answer.err());
        String said = logged.results()
                .map(result -> result.group(2) == null ? result.group(1) : result.group(2))
                .map(text -> text.replace("\\\"", "\"")).distinct().collect(Collectors.joining(", "));
        return said.isEmpty() ? answer.err().lines().findFirst().orElse("exit status " + answer.status()) : said;
    }

    /**
     * Asks for an answer; it gets no input.
     *
     * @throws HostLacks where there is no such program
     * @throws SystemFailure where it does not answer
     */
    Answer ask(String... words) {
        Process process = start(new ProcessBuilder(command(List.of(words))).redirectInput(NOTHING));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), THREADS);
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), THREADS);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                end(process);
                throw new SystemFailure("ask '" + program + "'",
                        "it did not answer in " + PATIENCE.toSeconds() + " seconds", "see what 'limactl list' says");
            }
        } catch (InterruptedException e) {
            end(process);
            throw new SystemFailure("ask '" + program + "'", "interrupted", "", e);
        }
        return new Answer(process.exitValue(), out.join(), err.join());
    }

    /**
     * Runs it on this process's own streams until it ends, and returns its exit status.
     *
     * @param input whether it may have standard input: it takes all that is there, wanted or not
     */
    int run(List<String> words, boolean input) {
        ProcessBuilder builder = new ProcessBuilder(command(words)).inheritIO();
        if (!input) {
            builder.redirectInput(NOTHING);
        }
        Process process = start(builder);
        // limactl hands no signal on to its ssh, which would be left behind.
        Thread last = new Thread(() -> end(process), "limactl");
        Runtime.getRuntime().addShutdownHook(last);
        try {
            int status = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(last);
            return status;
        } catch (InterruptedException e) {
            end(process);
            throw new SystemFailure("run '" + program + "'", "interrupted", "", e);
        }
    }

    private List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(words);
        return command;
    }

    private Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new HostLacks("start '" + program + "'", "it is not installed", "install Lima: 'brew install lima'",
                    e);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
