package dev.tinydocker.rootfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this host, run to its end. For what is done once; it costs a few milliseconds. */
final class Command {

    private static final long MINUTES = 5;

    private Command() {
    }

    /**
     * Runs it in the directory, without standard input, and gives what it wrote to standard output and error.
     *
     * @throws IOException where it is missing, fails, or does not end; the message ends with the last line it wrote
     */
    static String run(List<String> argv, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv).directory(directory.toFile()).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        // Output ends when the process does; whatever holds the pipe longer is cut off with it.
        Thread.Builder.OfVirtual watch = Thread.ofVirtual().name("time-out of " + argv.getFirst());
        Thread timer = watch.start(() -> endAfterTime(process));
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                String last = output.lines().reduce((first, second) -> second).orElse("it said nothing");
                throw new IOException("'" + String.join(" ", argv) + "' failed with " + status + ": " + last);
            }
            return output;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("'" + argv.getFirst() + "' was interrupted", e);
        } finally {
            timer.interrupt();
        }
    }

    private static void endAfterTime(Process process) {
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // It ended in time.
        }
    }
}
