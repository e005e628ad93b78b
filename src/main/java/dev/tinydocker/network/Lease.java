package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.List;

/**
 * What one container has of a network and no other can have, from before its start until what is left of its run is
 * undone.
 *
 * @param position which of the container's links it is, from 0
 * @param address6 null without IPv6
 * @param asked the hardware address that was asked for, null where it follows from the address
 * @param link the number of the link on the host whose other end is the container's
 * @param names what it is called there: its name first, then what was asked for
 */
public record Lease(Network network, String container, int position, Ipv4 address, @Nullable Ipv6 address6,
        @Nullable String asked, int link, List<String> names) {

    /** Of the addresses that {@link #linkLocal} makes. */
    static final int LINK_LOCAL_PREFIX = 64;

    private static final int SHORT_ID = 12;
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    /** What the container is called. */
    public String name() {
        return names.isEmpty() ? container.substring(0, SHORT_ID) : names.getFirst();
    }

    public Subnet subnet() {
        return network.addresses().subnet();
    }

    public Ipv4 gateway() {
        return network.addresses().gateway();
    }

    /** What the link is called on the host. */
    public String linkName() {
        return "tny" + Integer.toHexString(link);
    }

    /** What it is called in the container. */
    public String nameInside() {
        return "eth" + position;
    }

    /**
     * A hardware address that follows from the address: who gets that one next is found at once by neighbours that
     * remember the last.
     */
    byte[] mac() {
        return asked == null ? mac(address) : HEX.parseHex(asked);
    }

    /** The same, as people write it. */
    public String macText() {
        return HEX.formatHex(mac());
    }

    /** Locally administered, for one host. */
    static byte[] mac(Ipv4 address) {
        int bits = address.bits();
        return new byte[] { 2, 0x74, (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits };
    }

    /** The address of a link that packets never take beyond it; RFC 4291, appendix A. */
    static Ipv6 linkLocal(byte[] mac) {
        long low = 0;
        for (int i : new int[] { mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5] }) {
            low = low << 8 | i & 0xff;
        }
        return new Ipv6(0xfe80L << 48, low);
    }
}
