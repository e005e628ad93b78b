package dev.tinydocker.linux;

/**
 * A network device.
 *
 * @param kind what made it, as {@code bridge} or {@code veth}; empty for hardware and lo
 * @param alias the note that somebody left with it, empty without
 * @param master the number of the bridge it is a port of, 0 for none
 * @param mac its hardware address, empty without
 * @param peer the number of the other end of a veth(4), 0 for none
 * @param peerNamespace how this network namespace numbers the one that the other end is in, -1 where that is this one
 */
public record Link(int index, String name, String kind, String alias, int mtu, int master, boolean up, String mac,
        int peer, int peerNamespace) {
}
