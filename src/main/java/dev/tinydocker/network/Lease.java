package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;

import java.util.HexFormat;

/**
 * An address that one container has and no other can have, from before its start until what is left of its run is
 * undone.
 *
 * @param link the number of the link on the host whose other end is the container's
 */
public record Lease(String container, Subnet subnet, Ipv4 gateway, Ipv4 address, int link) {

    /** What the link is called on the host. */
    String linkName() {
        return "tny" + Integer.toHexString(link);
    }

    /**
     * A hardware address that follows from the address: who gets that one next is found at once by neighbours that
     * remember the last.
     */
    byte[] mac() {
        return mac(address);
    }

    /** The same, as people write it. */
    public String macText() {
        return HexFormat.ofDelimiter(":").formatHex(mac());
    }

    /** Locally administered, for one host. */
    static byte[] mac(Ipv4 address) {
        int bits = address.bits();
        return new byte[] { 2, 0x74, (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits };
    }
}
