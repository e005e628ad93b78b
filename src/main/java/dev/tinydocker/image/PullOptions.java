package dev.tinydocker.image;

/**
 * How to pull.
 *
 * @param platform which of several images one name may stand for
 */
public record PullOptions(Platform platform) {

    public static final PullOptions DEFAULT = new PullOptions(Platform.host());
}
