package dev.tinydocker.lima;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A virtual machine that the real limactl boots in QEMU, and a user who is not root on a host that is "no Linux": a
 * project of his own, built, in a directory whose name has a blank. What he types is {@code tiny} and nothing else.
 */
final class RealMachine implements AutoCloseable {

    private static final long SECONDS = 60;
    final RealLima lima;
    /** The user's copy of the project, which the machine shares. */
    final Path workspace;
    /** Where Lima keeps the instance. */
    final Path instance;

    /** @param directory an empty one, for all there will be; nothing runs yet */
    RealMachine(Path directory) throws IOException {
        this.lima = new RealLima(directory, List.of("--machine"));
        this.workspace = directory.resolve("work space");
        this.instance = directory.resolve("lima/tiny-docker");
    }

    /** A command of the user's. */
    ProcessBuilder tiny(String... words) {
        return tiny(Map.of(), words);
    }

    ProcessBuilder tiny(Path directory, String... words) {
        return tiny(Map.of(), words).directory(directory.toFile());
    }

    /** The same with more in its environment. */
    ProcessBuilder tiny(Map<String, String> environment, String... words) {
        List<String> all = new ArrayList<>(List.of(lima.user.toString(), "TINY_HOST=darwin"));
        environment.forEach((name, value) -> all.add(name + "=" + value));
        all.add(workspace + "/tiny");
        all.addAll(List.of(words));
        return new ProcessBuilder(all).directory(workspace.toFile());
    }

    /** A line of the user's shell, in his copy of the project, at a terminal that script(1) gives it. */
    ProcessBuilder atTerminal(String line) {
        return new ProcessBuilder(lima.user.toString(), "TINY_HOST=darwin", "script", "-qec", line, "/dev/null")
                .directory(workspace.toFile());
    }

    /** Ends what serves the user's commands on the host: the next one starts another. */
    void endRelay() {
        processes("java").forEach(ProcessHandle::destroy);
        awaitNoProcess("java");
    }

    /** Has it executed, without input. */
    RealLima.Result run(String... words) throws IOException {
        return RealLima.finish(tiny(words), SECONDS);
    }

    /** The same, with that input. */
    RealLima.Result run(byte[] input, String... words) throws IOException {
        Path file = Files.write(Files.createTempFile("lima", ".in"), input);
        try {
            return RealLima.finish(tiny(words).redirectInput(file.toFile()), SECONDS);
        } finally {
            Files.delete(file);
        }
    }

    /** Has a script executed in the machine, by root there. */
    RealLima.Result inside(String script) throws IOException {
        return lima.ask("--tty=false", "shell", "--workdir", "/", "tiny-docker", "sudo", "-n", "sh", "-c", script);
    }

    /** The processes of this machine's that there are, by their command lines. */
    List<ProcessHandle> processes(String text) {
        String ours = lima.directory.toString();
        return ProcessHandle.allProcesses().filter(process -> {
            String line = commandLine(process.pid());
            return line.contains(ours) && line.contains(text);
        }).toList();
    }

    private static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException e) {
            // It is gone.
            return "";
        }
    }

    /** What ends and is never waited for has no command line any more. */
    void awaitNoProcess(String text) {
        Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> processes(text).isEmpty());
    }

    /** Ends what is there, however it stands, and says what would have been left behind. */
    @Override
    public void close() throws IOException {
        List<String> left = new ArrayList<>();
        run("vm", "delete", "-f");
        endRelay();
        try {
            awaitNoProcess("");
        } catch (ConditionTimeoutException e) {
            processes("").forEach(process -> {
                left.add(commandLine(process.pid()));
                process.destroyForcibly();
            });
        }
        if (Files.exists(instance)) {
            left.add(instance.toString());
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind: " + left);
        }
    }

    /** A command that goes on, whose output is read as it comes. */
    static final class Running {

        private static final long END = 10;

        final Process process;
        private final StringBuffer out = new StringBuffer();
        private final Thread reader;

        Running(ProcessBuilder builder) throws IOException {
            this.process = builder.redirectErrorStream(true).start();
            this.reader = Thread.ofVirtual().start(() -> {
                try (java.io.Reader text = process.inputReader(StandardCharsets.UTF_8)) {
                    for (int next = text.read(); next >= 0; next = text.read()) {
                        out.append((char) next);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        String out() {
            return out.toString();
        }

        Running await(String text) {
            Awaitility.await(text).atMost(Duration.ofSeconds(SECONDS)).pollInterval(Duration.ofMillis(20))
                    .until(() -> out().contains(text) || !process.isAlive());
            if (!out().contains(text)) {
                throw new AssertionError("it ended before it said '" + text + "': " + out());
            }
            return this;
        }

        /** Waits for its end, and returns its exit status. */
        int end() throws InterruptedException {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end: " + out());
            }
            reader.join(Duration.ofSeconds(END));
            return process.exitValue();
        }
    }
}
