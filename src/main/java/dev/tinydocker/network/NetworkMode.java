package dev.tinydocker.network;

import dev.tinydocker.problem.InvalidRequest;

/**
 * {@code --net}: a network stack with nothing but lo, the host's own, or one of its own that is connected to the
 * engine's bridge.
 */
public enum NetworkMode {
    NONE, HOST, ISOLATED;

    /**
     * The mode of that name.
     *
     * @throws InvalidRequest where there is none
     */
    public static NetworkMode parse(String word) {
        return switch (word) {
            case "none" -> NONE;
            case "host" -> HOST;
            case "isolated", "bridge" -> ISOLATED;
            default -> throw new InvalidRequest("use the network '" + word + "'", "there is no such network",
                    "there are 'isolated', 'none' and 'host'");
        };
    }

    /** Whether the container has a network stack of its own. */
    public boolean isOwn() {
        return this != HOST;
    }

    /** Whether there is more in it than lo. */
    public boolean isConnected() {
        return this == ISOLATED;
    }
}
