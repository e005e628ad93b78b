package dev.tinydocker.engine;

import java.util.Locale;
import java.util.Optional;

/** What a JVM is started for: the first word on its command line. */
enum Mode {

    /** The interactive shell; the engine too, where there is none. */
    SHELL,
    /** The engine, in the foreground, until it is told to end. */
    SERVE,
    /** The engine, started by a client that waits for "ready"; ends when it is idle. */
    BACKGROUND,
    /** The context is made into code by the build, and never started. */
    BUILD;

    static Optional<Mode> parse(String word) {
        for (Mode mode : values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
