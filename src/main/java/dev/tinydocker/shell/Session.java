package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One user at one terminal, or one client: where a command reads, writes and is interrupted. A command finds its own
 * with {@link #current()}; the thread that runs it has it bound.
 */
public interface Session {

    /** The session the calling command belongs to; bound by whoever executes commands. */
    ScopedValue<Session> CURRENT = ScopedValue.newInstance();

    static Session current() {
        return CURRENT.get();
    }

    /** The directory that relative paths of this command start from. */
    Path directory();

    /** The user's environment, for {@code -e NAME}. */
    Map<String, String> environment();

    /** Which of the three streams are a terminal, and how large it is. */
    Tty tty();

    /** When it was asked, by a client that says so and is on this machine. */
    default Optional<Asked> asked() {
        return Optional.empty();
    }

    /** Standard output, buffered; flushed when the command ends. */
    PrintStream out();

    /** Standard error, buffered by line. */
    PrintStream err();

    /** Standard input as a stream, read from the user only when it is read here. */
    InputStream in();

    /**
     * Standard streams for a container. From here until {@link #restore()} the terminal belongs to it: with
     * {@code raw}, key strokes go through unchanged and Ctrl-C is a byte; without, signals of the user are sent to the
     * container.
     */
    Stdio stdio(boolean raw);

    /** Takes the terminal back from a container. */
    void restore();

    /** Runs the action when the user presses Ctrl-C or the client goes away, until the returned handle is closed. */
    Interest onInterrupt(Runnable action);

    /** A registration that ends when closed. */
    interface Interest extends AutoCloseable {
        @Override
        void close();
    }

    /** When a client was called, and when its request had come, on the clock of {@link System#nanoTime()}. */
    record Asked(long since, long heard) {
    }

    /** Which streams are a terminal; rows and columns are 0 where none is. */
    record Tty(boolean in, boolean out, boolean err, int rows, int columns) {
    }
}
