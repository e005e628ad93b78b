package dev.tinydocker.image;

import java.util.Map;

/**
 * How to pull.
 *
 * @param platform which of several images one name may stand for
 * @param environment of the user, whose passwords are used
 */
public record PullOptions(Platform platform, Map<String, String> environment) {

    public static final PullOptions DEFAULT = new PullOptions(Platform.host());

    public PullOptions(Platform platform) {
        this(platform, Map.of());
    }
}
