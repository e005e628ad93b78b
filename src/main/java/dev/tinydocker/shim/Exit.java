package dev.tinydocker.shim;

import java.time.Instant;

/** How a process ended: {@code signal} 0 where it ended by itself. */
public record Exit(int code, int signal, Instant time) {

    /** The exit status as a shell tells it: the process's own, or 128 + n where signal n ended it. */
    public int status() {
        return signal == 0 ? code : 128 + signal;
    }
}
