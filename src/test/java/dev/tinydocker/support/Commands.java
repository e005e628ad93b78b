package dev.tinydocker.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs that tests need. */
public final class Commands {

    private Commands() {
    }

    /**
     * Runs one to its end.
     *
     * @return what it wrote, errors among it
     * @throws IOException where it fails, with what it wrote
     */
    public static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(command.getFirst() + " ends with " + status + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        }
        return output;
    }

    public static String run(String... command) throws IOException {
        return run(List.of(command));
    }
}
