package dev.tinydocker.shim;

import dev.tinydocker.linux.Signal;

import java.time.Instant;

/** How a process ended: {@code signal} 0 where it ended by itself. */
public record Exit(int code, int signal, Instant time) {

    /** The status of what could not be started, as Docker's client tells it. */
    private static final int NOT_STARTED = 125;
    private static final int SIGNALLED = 128;

    /** The end of what never ran. */
    public static Exit notStarted() {
        return new Exit(NOT_STARTED, 0, Instant.now());
    }

    /** The end of what went with its shim. */
    public static Exit killed() {
        return new Exit(0, Signal.SIGKILL, Instant.now());
    }

    /** The exit status as a shell tells it: the process's own, or 128 + n where signal n ended it. */
    public int status() {
        return signal == 0 ? code : SIGNALLED + signal;
    }
}
