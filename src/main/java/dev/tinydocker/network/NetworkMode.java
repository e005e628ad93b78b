package dev.tinydocker.network;

/**
 * What {@code --net} says of a container's network stack: one with nothing but lo, the host's own, another container's,
 * or one of its own that is connected to networks.
 */
public enum NetworkMode {
    NONE, HOST, ISOLATED, CONTAINER;

    /** What comes before the container whose stack it is. */
    private static final String OF = "container:";

    /** The mode that the name of a network stands for. */
    public static NetworkMode of(String network) {
        return switch (network) {
            case "none" -> NONE;
            case "host" -> HOST;
            default -> network.startsWith(OF) ? CONTAINER : ISOLATED;
        };
    }

    /** The container that a word for {@link #CONTAINER} names. */
    public static String container(String word) {
        return word.substring(OF.length());
    }

    /** The reverse. */
    public static String word(String container) {
        return OF + container;
    }

    /** Whether it is not the host's. */
    public boolean isOwn() {
        return this != HOST;
    }

    /** Whether it is made with the container. */
    public boolean isMade() {
        return this == NONE || this == ISOLATED;
    }

    /** Whether there is more in it than lo. */
    public boolean isConnected() {
        return this == ISOLATED;
    }
}
