package dev.tinydocker.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What the kernel remembers of flows of packets, conntrack(8), on a socket of its own. Decided once, it sends all
 * packets of a flow the same way, whatever becomes of the rules: a flow of datagrams that does not stop never asks them
 * again. Values as in {@code linux/netfilter/nfnetlink_conntrack.h}. Platform threads only; one call at a time.
 */
public final class Conntrack implements AutoCloseable {

    private static final int NFNL_SUBSYS_CTNETLINK = 1 << 8;
    private static final int NEW = NFNL_SUBSYS_CTNETLINK;
    private static final int GET = NFNL_SUBSYS_CTNETLINK | 1;
    private static final int DELETE = NFNL_SUBSYS_CTNETLINK | 2;

    private static final int NLA_F_NESTED = 0x8000;
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_REPLY = 2;
    private static final int CTA_FILTER = 25;
    private static final int CTA_FILTER_ORIG_FLAGS = 1;
    private static final int CTA_FILTER_REPLY_FLAGS = 2;
    private static final int BY_PROTOCOL = 1 << 3;
    private static final int BY_DESTINATION_PORT = 1 << 5;
    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_IP_V4_SRC = 1;
    private static final int CTA_IP_V4_DST = 2;
    private static final int CTA_IP_V6_SRC = 3;
    private static final int CTA_IP_V6_DST = 4;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_DST_PORT = 3;
    private static final int UDP = 17;

    private final NetlinkSocket socket;

    private Conntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * A flow of datagrams.
     *
     * @param destination the address that they were sent to
     * @param answerer the address that they come to, and answers are expected from
     */
    public record Flow(InetAddress destination, InetAddress answerer) {
    }

    /** Opens one; the caller closes it. */
    public static Conntrack open() {
        return new Conntrack(NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER, "conntrack"));
    }

    /**
     * Forgets flows of datagrams: the next one of each asks the rules again.
     *
     * @param ipv6 whether those of IPv6, or else of IPv4
     * @param port that they were sent to
     * @param which of these
     * @throws SyscallException where the kernel keeps no such record
     */
    public void forget(boolean ipv6, int port, Predicate<Flow> which) {
        int family = ipv6 ? Libc.AF_INET6 : Libc.AF_INET;
        List<byte[]> found = new ArrayList<>();
        socket.dump(sentTo(family, port), NEW, payload -> {
            Map<Integer, ByteBuffer> flow = NetlinkReader.attributes(payload, NetlinkSocket.NFGENMSG);
            ByteBuffer original = flow.get(CTA_TUPLE_ORIG);
            ByteBuffer reply = flow.get(CTA_TUPLE_REPLY);
            if (original != null && reply != null
                    && which.test(new Flow(address(original, ipv6 ? CTA_IP_V6_DST : CTA_IP_V4_DST),
                            address(reply, ipv6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC)))) {
                byte[] tuple = new byte[original.remaining()];
                original.duplicate().get(tuple);
                found.add(tuple);
            }
        });
        for (byte[] tuple : found) {
            try {
                socket.send(head("forget a flow to the port " + port, DELETE, 0, family).attribute(CTA_TUPLE_ORIG, tuple));
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOENT) {
                    throw e;
                }
            }
        }
    }

    /** The kernel itself looks for these, Linux 5.8: there may be very many others. */
    private static NetlinkMessage sentTo(int family, int port) {
        byte[] inOrderOfTheNetwork = { (byte) (port >> 8), (byte) port };
        return head("list flows to the port " + port, GET, NetlinkSocket.NLM_F_DUMP, family)
                .nested(CTA_TUPLE_ORIG | NLA_F_NESTED, tuple -> tuple.nested(CTA_TUPLE_PROTO | NLA_F_NESTED,
                        protocol -> protocol.attribute(CTA_PROTO_NUM, new byte[] { UDP })
                                .attribute(CTA_PROTO_DST_PORT, inOrderOfTheNetwork)))
                .nested(CTA_FILTER | NLA_F_NESTED, filter -> filter
                        .attribute(CTA_FILTER_ORIG_FLAGS, BY_PROTOCOL | BY_DESTINATION_PORT)
                        .attribute(CTA_FILTER_REPLY_FLAGS, 0));
    }

    private static NetlinkMessage head(String what, int type, int flags, int family) {
        return new NetlinkMessage(what, type, flags).u8(family).u8(0).u16(0);
    }

    private static InetAddress address(ByteBuffer tuple, int which) {
        Map<Integer, ByteBuffer> addresses = NetlinkReader.attributes(
                Objects.requireNonNull(NetlinkReader.attributes(tuple, 0).get(CTA_TUPLE_IP)), 0);
        ByteBuffer address = Objects.requireNonNull(addresses.get(which)).duplicate();
        byte[] bytes = new byte[address.remaining()];
        address.get(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(bytes.length + " bytes are no address", e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
