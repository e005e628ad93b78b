package dev.tinydocker.rootfs;

import dev.tinydocker.linux.Processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A program of this host, run to its end. For what is done once; it costs a few milliseconds. */
final class Command {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** For what a program has written before it ended. */
    private static final Duration REST = Duration.ofSeconds(5);
    private static final int MOST_CHARACTERS = 1 << 22;

    private Command() {
    }

    /**
     * Runs it in the directory, without standard input, and gives what it wrote to standard output and error.
     *
     * @throws IOException where it is missing, fails, or does not end; the message ends with the last line it wrote
     */
    static String run(List<String> argv, Path directory) throws IOException {
        StringBuffer output = new StringBuffer();
        run(argv, directory, PATIENCE, line -> {
            if (output.length() < MOST_CHARACTERS) {
                output.append(line).append('\n');
            }
        });
        return output.toString();
    }

    /** The same, told each line when it is written; an interrupt ends the program. */
    static void run(List<String> argv, Path directory, Duration patience, Consumer<String> lines) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile()).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TMPDIR", directory.toString());
        Process process = Processes.start(builder);
        AtomicReference<String> last = new AtomicReference<>("it said nothing");
        Thread reader = Thread.ofVirtual().name("output of " + argv.getFirst()).start(() -> read(process, line -> {
            last.set(line);
            lines.accept(line);
        }));
        try {
            boolean ended = process.waitFor(patience);
            // Output ends when the process does; whatever holds the pipe longer is not waited for.
            reader.join(ended ? REST : Duration.ZERO);
            if (!ended || process.exitValue() != 0) {
                throw new IOException("'" + String.join(" ", argv) + "' " + (ended
                        ? "failed with " + process.exitValue() + ": " + last
                        : "does not end; its last word: " + last));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("'" + argv.getFirst() + "' was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void read(Process process, Consumer<String> lines) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The process has ended, and the pipe with it.
        }
    }
}
