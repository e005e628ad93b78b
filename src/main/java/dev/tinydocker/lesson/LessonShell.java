package dev.tinydocker.lesson;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.TreeDeleter;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where the steps of one lesson are done: each in a child shell of its own, in a directory that goes with this. Their
 * variables are {@code L}, that directory, {@code N}, a name that nobody else has, and what the course gives. By the
 * first of them a process is known that a step has left behind, also to the engine after one that was killed.
 */
public final class LessonShell implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** For what a program has written before it ended. */
    private static final Duration REST = Duration.ofSeconds(5);
    private static final int MOST_ROUNDS = 10;
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    /** What ends for want of an answer, as timeout(1) does. */
    private static final int TIMED_OUT = 124;

    private final Lesson lesson;
    private final Path directory;
    private final Map<String, String> variables;
    private final Runnable closed;
    private final CompletableFuture<Void> interrupted = new CompletableFuture<>();

    private LessonShell(Lesson lesson, Path directory, Map<String, String> variables, Runnable closed) {
        this.lesson = lesson;
        this.directory = directory;
        this.variables = variables;
        this.closed = closed;
    }

    /**
     * One with a directory of its own.
     *
     * @param parent where that is made
     * @param closed is called when all is cleaned up, or cannot be
     */
    static LessonShell in(Path parent, Lesson lesson, Map<String, String> variables, Runnable closed) {
        try {
            Files.createDirectories(parent);
            return new LessonShell(lesson, Files.createTempDirectory(parent, "lesson"), variables, closed);
        } catch (IOException e) {
            throw new SystemFailure("begin lesson " + lesson.number(), FileFailures.reasonWithFile(e),
                    "it takes a directory in '" + parent + "'", e);
        }
    }

    /** One whose engine was killed, of which there is to be cleaned up what is left. */
    static LessonShell left(Path directory, Lesson lesson, Map<String, String> variables) {
        return new LessonShell(lesson, directory, variables, () -> { });
    }

    /**
     * Does a command and waits for its end; blocks. What is still running of it a minute later, or after
     * {@link #interrupt}, is killed.
     *
     * @param printed told each line of output and errors
     * @return its exit status
     */
    public int execute(List<String> command, Consumer<String> printed) {
        return interrupted.isDone() ? TIMED_OUT : execute(command, printed, interrupted);
    }

    private int execute(List<String> command, Consumer<String> printed, CompletableFuture<Void> stop) {
        try {
            ProcessBuilder builder = new ProcessBuilder("setsid", "-w", "sh", "-ec", String.join("\n", command))
                    .directory(directory.toFile()).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
            builder.environment().clear();
            builder.environment().putAll(variables);
            builder.environment().putAll(Map.of("PATH", PATH, "LC_ALL", "C", "HOME", "/root", "L",
                    directory.toString(), "N", directory.getFileName().toString().substring(0, 11)));
            Process process = Processes.start(builder);
            Thread reader = Thread.ofPlatform().daemon().name("lesson").start(() -> read(process, printed));
            CompletableFuture.anyOf(process.onExit(), stop).completeOnTimeout(process, PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS).join();
            boolean ended = !process.isAlive();
            if (!ended) {
                kill(process);
            }
            int status = process.waitFor();
            // What it left running may hold the pipe for longer. Process.destroy would close it, with what is in it.
            reader.join(REST);
            return ended ? status : TIMED_OUT;
        } catch (IOException e) {
            throw new SystemFailure("do a step of lesson " + lesson.number(), FileFailures.reasonWithFile(e),
                    "it takes setsid and sh", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TIMED_OUT;
        }
    }

    /** Kills what has left the group of a step, its shell, and then the group: a child may be there that nobody saw. */
    private static void kill(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        process.waitFor();
        Processes.kill(-Math.toIntExact(process.pid()), Signal.SIGKILL);
    }

    private static void read(Process process, Consumer<String> printed) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            in.lines().forEach(printed);
        } catch (IOException | UncheckedIOException e) {
            // The process has ended, and the pipe with it.
        }
    }

    /** Ends what is being done; nothing more is done but the clean-up. */
    public void interrupt() {
        interrupted.complete(null);
    }

    /** Done when the user has had enough. */
    public CompletableFuture<Void> interrupted() {
        return interrupted;
    }

    /** Takes away what the steps have left, processes first, and the directory. */
    @Override
    public void close() {
        try {
            killAll();
            for (String command : lesson.cleanup()) {
                execute(List.of(command), _ -> { }, new CompletableFuture<>());
            }
            TreeDeleter.delete(directory);
        } catch (IOException e) {
            throw new SystemFailure("clean up after lesson " + lesson.number(), FileFailures.reasonWithFile(e),
                    "delete '" + directory + "'", e);
        } finally {
            closed.run();
        }
    }

    /** Again, since one may have been started meanwhile by another that was about to be killed. */
    private void killAll() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<ProcessHandle> left = ProcessHandle.allProcesses().filter(this::isOurs).toList();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(ProcessHandle::destroyForcibly);
            CompletableFuture.allOf(left.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .completeOnTimeout(null, REST.toMillis(), TimeUnit.MILLISECONDS).join();
        }
    }

    /** Whether a process has our directory among its variables; that of one that has ended cannot be read. */
    private boolean isOurs(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1)
                    .split("\0")).contains("L=" + directory);
        } catch (IOException e) {
            return false;
        }
    }
}
