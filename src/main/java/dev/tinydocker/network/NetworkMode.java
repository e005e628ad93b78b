package dev.tinydocker.network;

import dev.tinydocker.problem.InvalidRequest;

/** {@code --net}: a network stack with nothing but lo, or the host's own. */
public enum NetworkMode {
    NONE, HOST;

    /**
     * The mode of that name.
     *
     * @throws InvalidRequest where there is none
     */
    public static NetworkMode parse(String word) {
        return switch (word) {
            case "none" -> NONE;
            case "host" -> HOST;
            default -> throw new InvalidRequest("use the network '" + word + "'", "there is no such network",
                    "there are 'none' and 'host'");
        };
    }

    /** Whether the container has a network stack of its own. */
    public boolean isOwn() {
        return this == NONE;
    }
}
