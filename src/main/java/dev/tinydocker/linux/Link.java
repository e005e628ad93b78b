package dev.tinydocker.linux;

/**
 * A network device.
 *
 * @param kind what made it, as {@code bridge} or {@code veth}; empty for hardware and lo
 * @param alias the note that somebody left with it, empty without
 * @param master the number of the bridge it is a port of, 0 for none
 */
public record Link(int index, String name, String kind, String alias, int mtu, int master, boolean up) {
}
