package dev.tinydocker.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A socket of rtnetlink(7): links, addresses and routes of the network namespace it was opened in. The kernel works on
 * a message while it is being sent, and one at a time for the whole host: platform threads only. One call at a time.
 */
public final class Rtnetlink implements AutoCloseable {

    private static final int NETLINK_ROUTE = 0;

    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens one; the caller closes it. */
    public static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open(NETLINK_ROUTE, "rtnetlink"));
    }

    /**
     * Sends messages in one go and waits until each is acknowledged. The kernel goes on after one that failed.
     *
     * @throws SyscallException for the first that failed, with what it was to do and the kernel's own words
     */
    public void send(NetlinkMessage... messages) {
        socket.send(messages);
    }

    /** All links there are. */
    public List<Link> links() {
        List<Link> links = new ArrayList<>();
        dump(RouteMessages.RTM_GETLINK, 0, RouteMessages.RTM_NEWLINK,
                payload -> links.add(NetlinkReader.link(payload)));
        return links;
    }

    /**
     * All links of another network namespace, which this one has numbered so: {@link Link#peerNamespace}.
     * RTM_GETLINK with IFLA_TARGET_NETNSID, Linux 4.20.
     */
    public List<Link> linksThere(int namespace) {
        List<Link> links = new ArrayList<>();
        socket.dump(request(RouteMessages.RTM_GETLINK, 0).attribute(RouteMessages.IFLA_TARGET_NETNSID, namespace),
                RouteMessages.RTM_NEWLINK, payload -> links.add(NetlinkReader.link(payload)));
        return links;
    }

    /** The link of that name. */
    public Optional<Link> link(String name) {
        return links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** The IPv4 addresses of all links. */
    public List<LinkAddress> addresses() {
        return dump(RouteMessages.RTM_GETADDR, RouteMessages.RTM_NEWADDR, NetlinkReader::address);
    }

    /** The IPv6 subnets that links are in by their addresses. @param without the numbers of links not to ask about */
    public List<Subnet6> subnets6(Set<Integer> without) {
        List<Subnet6> found = new ArrayList<>();
        dump(RouteMessages.RTM_GETADDR, Libc.AF_INET6, RouteMessages.RTM_NEWADDR,
                payload -> NetlinkReader.subnet6(payload, without).ifPresent(found::add));
        return found;
    }

    /** Whether any link has that address, of whatever kind. */
    public boolean hasAddress(InetAddress address) {
        byte[] bytes = address.getAddress();
        List<ByteBuffer> found = new ArrayList<>();
        dump(RouteMessages.RTM_GETADDR, bytes.length == Integer.BYTES ? Libc.AF_INET : Libc.AF_INET6,
                RouteMessages.RTM_NEWADDR, payload -> {
                    if (NetlinkReader.isAddress(payload, bytes)) {
                        found.add(payload);
                    }
                });
        return !found.isEmpty();
    }

    /** The IPv4 routes of the main table, the preferred ones first where several lead to the same place. */
    public List<Route> routes() {
        return dump(RouteMessages.RTM_GETROUTE, RouteMessages.RTM_NEWROUTE, NetlinkReader::route);
    }

    private <T> List<T> dump(int type, int answer, Function<ByteBuffer, Optional<T>> reader) {
        List<T> found = new ArrayList<>();
        dump(type, Libc.AF_INET, answer, payload -> reader.apply(payload).ifPresent(found::add));
        return found;
    }

    private void dump(int type, int family, int answer, Consumer<ByteBuffer> each) {
        socket.dump(request(type, family), answer, each);
    }

    /** A structure of any of the three kinds begins with the family and is zero else. */
    private static NetlinkMessage request(int type, int family) {
        return new NetlinkMessage("list", type, NetlinkSocket.NLM_F_DUMP).u8(family).u8(0).u16(0).u32(0).u32(0).u32(0);
    }

    @Override
    public void close() {
        socket.close();
    }
}
