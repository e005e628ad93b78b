package dev.tinydocker.network;

import dev.tinydocker.problem.InvalidRequest;

/** What joins the containers of a network: a bridge, a link of the host, nothing; or the host's own network. */
public enum Driver {
    BRIDGE("bridge"), MACVLAN("macvlan"), NONE("null"), HOST("host");

    private final String word;

    Driver(String word) {
        this.word = word;
    }

    /** @throws InvalidRequest where there is no such driver, or networks of it are not made */
    public static Driver parse(String word) {
        return switch (word) {
            case "bridge" -> BRIDGE;
            case "macvlan" -> MACVLAN;
            case "none", "null" -> NONE;
            default -> throw new InvalidRequest("use the driver '" + word + "'", "no network is made with it",
                    "there are bridge, macvlan and none");
        };
    }

    /** As Docker calls it. */
    public String word() {
        return word;
    }

    /** Whether containers have links and addresses in it. */
    public boolean hasLinks() {
        return this == BRIDGE || this == MACVLAN;
    }
}
