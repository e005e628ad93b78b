package dev.tinydocker.shim;

import dev.tinydocker.linux.Processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a shim wrote about its process, as {@code docs/wire.md} draws it: it runs, or how it ended. Survives the engine
 * and the shim.
 */
public sealed interface ExitRecord {

    /** The process was started; pid and start time name it for good. */
    record Running(int pid, long startTime) implements ExitRecord {

        /** Whether that very process is alive. */
        public boolean isAlive() {
            return Processes.isAlive(pid, startTime);
        }
    }

    /** The process has ended. */
    record Exited(Exit exit) implements ExitRecord {
    }

    /** Reads a record; empty where there is none, or where the process was never started. */
    static Optional<ExitRecord> read(Path file) {
        String[] words;
        try {
            words = Files.readString(file).strip().split(" +");
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            return switch (words[0]) {
                case "running" -> Optional.of(new Running(Integer.parseInt(words[1]), Long.parseLong(words[2])));
                case "exited" -> Optional.of(new Exited(
                        new Exit(Integer.parseInt(words[1]), Integer.parseInt(words[2]),
                                instant(Long.parseLong(words[3])))));
                default -> Optional.empty();
            };
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The process that a record says to run; empty where it says anything else. */
    static Optional<Running> running(Path file) {
        return read(file).filter(Running.class::isInstance).map(Running.class::cast);
    }

    /** Nanoseconds since the epoch as an instant. */
    static Instant instant(long nanoseconds) {
        return Instant.ofEpochSecond(0, nanoseconds);
    }
}
