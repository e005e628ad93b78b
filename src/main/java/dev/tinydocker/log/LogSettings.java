package dev.tinydocker.log;

/** {@code --log-opt}: a file is rotated before it would pass {@code maxBytes}; {@code maxFiles} are kept, the current one counted. */
public record LogSettings(long maxBytes, int maxFiles) {

    public static final LogSettings DEFAULT = new LogSettings(10_000_000, 3);
}
