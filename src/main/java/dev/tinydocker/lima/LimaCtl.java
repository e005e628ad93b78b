package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lima's command line, the one place that starts it. It is asked anew each time: nothing of its answers is kept. */
final class LimaCtl {

    /** limactl says on standard error what it logs: {@code time="…" level=warning msg="…"}. */
    private static final Pattern LOGGED = Pattern.compile("msg=\"((?:[^\"\\\\]|\\\\.)*)\"(?: errors=\"\\[(.*)]\")?");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final HostProgram program;
    private final String instance;
    private final Duration brokenFor;

    /**
     * @param program the one that a user's LIMACTL or PATH names
     * @param instance which of Lima's instances is ours
     * @param brokenFor how long one must be broken before it is believed: while it starts, it looks so for a moment
     */
    LimaCtl(HostProgram program, String instance, Duration brokenFor) {
        this.program = program;
        this.instance = instance;
        this.brokenFor = brokenFor;
    }

    /** How it stands; a break is waited for whether it mends by itself. */
    Standing standing() {
        return standing(brokenFor, PATIENCE);
    }

    /** How it stands at this moment. */
    Standing standingNow() {
        return standing(Duration.ZERO, PATIENCE);
    }

    /** The same, unclear where limactl takes longer than that to say so. */
    Standing standingWithin(Duration patience) {
        return standing(Duration.ZERO, patience);
    }

    private Standing standing(Duration breaking, Duration patience) {
        Answer version;
        Answer list;
        try {
            Caller caller = Caller.current();
            CompletableFuture<Answer> asked = CompletableFuture
                    .supplyAsync(() -> caller.have(() -> program.ask(patience, List.of("--version"))), THREADS);
            list = program.ask(patience, list());
            version = asked.join();
        } catch (HostLacks e) {
            return new Standing.NotInstalled(Caller.current().variable("LIMACTL"));
        } catch (SystemFailure e) {
            return new Standing.Unclear(String.valueOf(e.getMessage()));
        } catch (CompletionException e) {
            return new Standing.Unclear(e.getCause() instanceof Problem problem ? String.valueOf(problem.getMessage())
                    : e.toString());
        }
        LimaVersion found = LimaVersion.parse(version.out());
        if (version.status() == 0 && !found.isEnough()) {
            return new Standing.TooOld(found.text());
        }
        Instant deadline = Instant.now().plus(breaking);
        while (list.status() == 0 && isBroken(list) && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(PAUSE.toNanos());
            list = program.ask(patience, list());
        }
        return standing(list);
    }

    private List<String> list() {
        return List.of("list", instance, "--format", "json");
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
            // First of all: one of another project is not mended, stopped or deleted because it is broken.
            case String _ when found.foreign() -> new Standing.Foreign(found);
            case "Broken" -> new Standing.Broken(found, said(list));
            case "Running" -> new Standing.Running(found);
            case "Stopped" -> new Standing.Stopped(found);
            case "" -> new Standing.Unclear(said(list));
            default -> new Standing.Unclear("it calls the instance '" + found.status() + "'");
        };
    }

    /** The message that limactl has ended with, where it has logged one. */
    static Optional<String> lastSaid(Path log) {
        try {
            return Files.readAllLines(log).stream().filter(line -> line.contains("level=fatal"))
                    .reduce((_, last) -> last).map(line -> said(new Answer(1, "", line)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What limactl has logged, without times and levels, in one line; of what it has ended with, nothing but that. */
    static String said(Answer answer) {
        String fatal = answer.err().lines().filter(line -> line.contains("level=fatal"))
                .collect(Collectors.joining("\n"));
        Matcher logged = LOGGED.matcher(fatal.isEmpty() ? answer.err() : fatal);
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
        return program.ask(PATIENCE, List.of(words));
    }

    /** Starts the instance; where the user does not wait for that, it is stopped, as it was. */
    <T> T starting(Supplier<T> start) {
        try {
            return start.get();
        } catch (Interrupted e) {
            // This is waited for.
            new Wait().during(() -> ask("--tty=false", "stop", "-f", instance));
            throw e;
        }
    }

    /** The program itself, for what takes longer. */
    HostProgram program() {
        return program;
    }

    /** By what the caller's instances are told from others of the same name. */
    static List<String> whose() {
        Caller caller = Caller.current();
        return Stream.of("LIMACTL", "LIMA_HOME", "HOME").map(caller::variable).toList();
    }

    /** The name of our instance. */
    String instance() {
        return instance;
    }
}
