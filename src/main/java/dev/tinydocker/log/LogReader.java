package dev.tinydocker.log;

import java.util.function.Consumer;

/** Reads one container's log, through its rotations. */
public interface LogReader {

    /**
     * Hands the asked entries to {@code sink} in the order they were written. Where the query follows, returns only
     * when the container has ended and everything is read, or when {@link #close()} is called from another thread.
     */
    void read(LogQuery query, Consumer<LogEntry> sink);

    /** Ends a read that follows. */
    void close();
}
