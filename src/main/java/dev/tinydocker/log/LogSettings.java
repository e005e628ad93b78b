package dev.tinydocker.log;

import java.util.Map;

/** {@code --log-opt}: a file is rotated before it would pass {@code maxBytes}; {@code maxFiles} are kept, the current one counted. */
public record LogSettings(long maxBytes, int maxFiles) {

    public static final LogSettings DEFAULT = new LogSettings(10_000_000, 3);

    /**
     * The settings that the options {@code max-size} (k, m, g are powers of 1000) and {@code max-file} ask for.
     *
     * @throws dev.tinydocker.problem.InvalidRequest on other options or values
     */
    public static LogSettings parse(Map<String, String> options) {
        throw new UnsupportedOperationException();
    }
}
