package dev.tinydocker.network;

/**
 * What {@code --net} says of a container's network stack: one with nothing but lo, the host's own, or one of its own
 * that is connected to networks.
 */
public enum NetworkMode {
    NONE, HOST, ISOLATED;

    /** The mode that the name of a network stands for. */
    public static NetworkMode of(String network) {
        return switch (network) {
            case "none" -> NONE;
            case "host" -> HOST;
            default -> ISOLATED;
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
