package dev.tinydocker.linux;

/**
 * A route of the main table.
 *
 * @param link the number of the link it leads out of, 0 for none
 * @param mtu what packets on it may have, 0 where the link says so
 */
public record Route(Subnet destination, int link, int mtu) {
}
