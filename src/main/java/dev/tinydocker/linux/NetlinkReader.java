package dev.tinydocker.linux;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the kernel answers on rtnetlink(7), taken apart. A {@code payload} is a message without its head. */
final class NetlinkReader {

    private static final int IFINFOMSG = 16;
    private static final int IFADDRMSG = 8;
    private static final int RTMSG = 12;
    /** The upper two bits of an attribute's type say how its value is written. */
    private static final int TYPE = 0x3fff;
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    private NetlinkReader() {
    }

    static Link link(ByteBuffer payload) {
        Map<Integer, ByteBuffer> attributes = attributes(payload, IFINFOMSG);
        ByteBuffer info = attributes.get(RouteMessages.IFLA_LINKINFO);
        String kind = info == null ? "" : text(attributes(info, 0), RouteMessages.IFLA_INFO_KIND);
        return new Link(payload.getInt(payload.position() + 4), text(attributes, RouteMessages.IFLA_IFNAME), kind,
                text(attributes, RouteMessages.IFLA_IFALIAS), number(attributes, RouteMessages.IFLA_MTU),
                number(attributes, RouteMessages.IFLA_MASTER),
                (payload.getInt(payload.position() + 8) & RouteMessages.IFF_UP) != 0,
                hardware(attributes.get(RouteMessages.IFLA_ADDRESS)), number(attributes, RouteMessages.IFLA_LINK),
                attributes.containsKey(RouteMessages.IFLA_LINK_NETNSID)
                        ? number(attributes, RouteMessages.IFLA_LINK_NETNSID) : -1);
    }

    private static String hardware(@Nullable ByteBuffer value) {
        if (value == null) {
            return "";
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return HEX.formatHex(bytes);
    }

    static Optional<LinkAddress> address(ByteBuffer payload) {
        Map<Integer, ByteBuffer> attributes = attributes(payload, IFADDRMSG);
        return ipv4(attributes, RouteMessages.IFA_LOCAL).map(address -> new LinkAddress(
                payload.getInt(payload.position() + 4), address, payload.get(payload.position() + 1)));
    }

    /** The IPv6 subnet that an address's link is in by it; empty for an address of one of these links. */
    static Optional<Subnet6> subnet6(ByteBuffer payload, Set<Integer> without) {
        ByteBuffer address = attributes(payload, IFADDRMSG).get(RouteMessages.IFA_ADDRESS);
        if (address == null || address.remaining() != 2 * Long.BYTES
                || without.contains(payload.getInt(payload.position() + 4))) {
            return Optional.empty();
        }
        ByteBuffer bits = address.duplicate().order(ByteOrder.BIG_ENDIAN);
        int prefix = payload.get(payload.position() + 1) & 0xff;
        return Optional.of(new Subnet6(new Ipv6(bits.getLong(), bits.getLong()).masked(prefix), prefix));
    }

    /** Whether it is that one: what IPv6 has at both ends of a link has one of the two attributes only. */
    static boolean isAddress(ByteBuffer payload, byte[] address) {
        Map<Integer, ByteBuffer> attributes = attributes(payload, IFADDRMSG);
        ByteBuffer local = attributes.getOrDefault(RouteMessages.IFA_LOCAL, attributes.get(RouteMessages.IFA_ADDRESS));
        return ByteBuffer.wrap(address).equals(local);
    }

    /** Empty for a route of another table than the main one. */
    static Optional<Route> route(ByteBuffer payload) {
        Map<Integer, ByteBuffer> attributes = attributes(payload, RTMSG);
        if (number(attributes, RouteMessages.RTA_TABLE) != RouteMessages.RT_TABLE_MAIN) {
            return Optional.empty();
        }
        int prefix = payload.get(payload.position() + 1);
        Ipv4 first = ipv4(attributes, RouteMessages.RTA_DST).orElse(Ipv4.ANY);
        ByteBuffer metrics = attributes.get(RouteMessages.RTA_METRICS);
        int mtu = metrics == null ? 0 : number(attributes(metrics, 0), RouteMessages.RTAX_MTU);
        return Optional.of(new Route(Subnet.of(first, prefix), number(attributes, RouteMessages.RTA_OIF), mtu));
    }

    /** Attributes by their type, behind a structure of so many bytes. What is cut off is not there. */
    static Map<Integer, ByteBuffer> attributes(ByteBuffer bytes, int behind) {
        Map<Integer, ByteBuffer> found = new HashMap<>();
        int at = bytes.position() + behind;
        while (at + NetlinkMessage.ATTRIBUTE_HEAD <= bytes.limit()) {
            int length = bytes.getShort(at) & 0xffff;
            if (length < NetlinkMessage.ATTRIBUTE_HEAD || length > bytes.limit() - at) {
                break;
            }
            found.put(bytes.getShort(at + 2) & TYPE, bytes.slice(at + NetlinkMessage.ATTRIBUTE_HEAD,
                    length - NetlinkMessage.ATTRIBUTE_HEAD).order(ByteOrder.nativeOrder()));
            at += length + 3 & ~3;
        }
        return found;
    }

    static String text(Map<Integer, ByteBuffer> attributes, int type) {
        ByteBuffer value = attributes.get(type);
        if (value == null) {
            return "";
        }
        String text = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    }

    private static int number(Map<Integer, ByteBuffer> attributes, int type) {
        ByteBuffer value = attributes.get(type);
        return value == null || value.remaining() < Integer.BYTES ? 0 : value.getInt(0);
    }

    private static Optional<Ipv4> ipv4(Map<Integer, ByteBuffer> attributes, int type) {
        ByteBuffer value = attributes.get(type);
        return value == null || value.remaining() < Integer.BYTES ? Optional.empty()
                : Optional.of(new Ipv4(value.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0)));
    }
}
