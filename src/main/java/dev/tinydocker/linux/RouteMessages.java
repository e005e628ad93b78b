package dev.tinydocker.linux;

/**
 * The messages of rtnetlink(7) that make and change links, addresses and routes. A link is named where it is made, and
 * is a number from then on. Values as in {@code linux/rtnetlink.h}, {@code if_link.h}, {@code if_addr.h}.
 */
public final class RouteMessages {

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_GETROUTE = 26;

    static final int IFF_UP = 1;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_IFALIAS = 20;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_LINK_NETNSID = 37;
    static final int IFLA_TARGET_NETNSID = 46;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_METRICS = 8;
    static final int RTA_TABLE = 15;
    static final int RTAX_MTU = 2;
    static final int RT_TABLE_MAIN = 254;

    private static final int NLM_F_EXCL = 0x200;
    private static final int NLM_F_CREATE = 0x400;
    private static final int NLM_F_REPLACE = 0x100;
    private static final int NEW = NLM_F_CREATE | NLM_F_EXCL;
    private static final int NEW_OR_OTHER = NLM_F_CREATE | NLM_F_REPLACE;

    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFLA_INFO_SLAVE_DATA = 5;
    private static final int IFLA_BRPORT_MODE = 4;
    private static final int IFLA_BR_MCAST_SNOOPING = 23;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_NUM_TX_QUEUES = 31;
    private static final int IFLA_NUM_RX_QUEUES = 32;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int IFA_F_NODAD = 2;
    private static final int IFA_BROADCAST = 4;
    private static final int RTPROT_BOOT = 3;
    private static final int RTN_UNICAST = 1;

    private RouteMessages() {
    }

    /**
     * A bridge without ports, down. It sends what is for many to all its ports, as any does where nobody asks who
     * listens: one that listens along begins anew with all ports whenever one comes or goes.
     */
    public static NetlinkMessage newBridge(String name, byte[] mac, int mtu) {
        return link("make the bridge " + name, RTM_NEWLINK, NEW, 0, 0).attribute(IFLA_IFNAME, name)
                .attribute(IFLA_ADDRESS, mac).attribute(IFLA_MTU, mtu)
                .nested(IFLA_LINKINFO, info -> info.attribute(IFLA_INFO_KIND, "bridge").nested(IFLA_INFO_DATA,
                        data -> data.nested(IFLA_BR_MCAST_SNOOPING, snooping -> snooping.u8(0))));
    }

    /**
     * A veth(4) whose one end is here, a port of a bridge, and whose other end is made in another network namespace,
     * both down: there it cannot be up from the start, that is ENOTCONN. Each end has one queue a direction, as ends
     * have that nobody asks more of; but unasked the kernel makes one for each processor, takes all but the first away
     * again, and waits each time until none is in use (veth_init_queues, Linux 5.15).
     *
     * @param index a number that no link has here; the kernel takes the other one's only where this one is given too
     * @param bridge the bridge's number
     * @param there an open network namespace
     * @param peerIndex the number of the other end, which is then known without asking
     */
    public static NetlinkMessage newVeth(String name, int index, int bridge, int mtu, NetworkNamespace there,
            String peer, int peerIndex, byte[] peerMac) {
        return oneQueue(link("make the veth " + name, RTM_NEWLINK, NEW, index, 0)).attribute(IFLA_IFNAME, name)
                .attribute(IFLA_MTU, mtu).attribute(IFLA_MASTER, bridge)
                .nested(IFLA_LINKINFO, info -> info.attribute(IFLA_INFO_KIND, "veth")
                        .nested(IFLA_INFO_DATA, data -> data.nested(VETH_INFO_PEER,
                                end -> oneQueue(head(end, peerIndex, 0)).attribute(IFLA_IFNAME, peer)
                                        .attribute(IFLA_MTU, mtu).attribute(IFLA_ADDRESS, peerMac)
                                        .attribute(IFLA_NET_NS_FD, there.descriptor()))));
    }

    private static NetlinkMessage oneQueue(NetlinkMessage end) {
        return end.attribute(IFLA_NUM_TX_QUEUES, 1).attribute(IFLA_NUM_RX_QUEUES, 1);
    }

    /**
     * A macvlan in another network namespace, down: a link of its own hardware address on one that is here.
     *
     * @param index a number that no link has there
     * @param parent the number of the link it is on
     * @param mode as in {@code linux/if_link.h}: 1 private, 2 vepa, 4 bridge, 8 passthru
     */
    public static NetlinkMessage newMacvlan(int parent, int mtu, int mode, NetworkNamespace there, String name,
            int index, byte[] mac) {
        return link("make the macvlan " + name, RTM_NEWLINK, NEW, index, 0).attribute(IFLA_IFNAME, name)
                .attribute(IFLA_LINK, parent).attribute(IFLA_MTU, mtu).attribute(IFLA_ADDRESS, mac)
                .attribute(IFLA_NET_NS_FD, there.descriptor())
                .nested(IFLA_LINKINFO, info -> info.attribute(IFLA_INFO_KIND, "macvlan")
                        .nested(IFLA_INFO_DATA, data -> data.attribute(IFLA_MACVLAN_MODE, mode)));
    }

    /** Sets a link up. */
    public static NetlinkMessage setUp(int index) {
        return link("set link " + index + " up", RTM_NEWLINK, 0, index, IFF_UP);
    }

    /** Leaves a note with a link, for whoever finds it. */
    public static NetlinkMessage alias(String name, String alias) {
        return link("note whose link " + name + " is", RTM_NEWLINK, 0, 0, 0).attribute(IFLA_IFNAME, name)
                .attribute(IFLA_IFALIAS, alias);
    }

    /** Makes a link a port of a bridge, and sets it up. */
    public static NetlinkMessage plugIn(int index, int bridge) {
        return link("make link " + index + " a port", RTM_NEWLINK, 0, index, IFF_UP).attribute(IFLA_MASTER, bridge);
    }

    /** Keeps the kernel from giving a link an IPv6 address by itself when it goes up. */
    public static NetlinkMessage withoutIpv6(int index) {
        return link("keep link " + index + " without IPv6", RTM_NEWLINK, 0, index, 0).nested(IFLA_AF_SPEC,
                families -> families.nested(Libc.AF_INET6, inet6 -> inet6.nested(IFLA_INET6_ADDR_GEN_MODE,
                        mode -> mode.u8(IN6_ADDR_GEN_MODE_NONE))));
    }

    /** Lets a port of a bridge get back what came from it: a container that asks for its own published port. */
    public static NetlinkMessage hairpin(int index) {
        return link("let link " + index + " send to itself", RTM_NEWLINK, 0, index, 0).nested(IFLA_LINKINFO,
                info -> info.attribute(IFLA_INFO_SLAVE_KIND, "bridge").nested(IFLA_INFO_SLAVE_DATA,
                        port -> port.nested(IFLA_BRPORT_MODE, mode -> mode.u8(1))));
    }

    /**
     * Asks for the other end of a veth, in the namespace that this one has numbered so. Nobody reads the answer: before
     * it gives one the kernel finishes what it would else put off for up to a second, the end's readiness to send.
     *
     * @param namespace 0 in a new network namespace, whose first link's other end is elsewhere: the kernel numbers that
     *            when it tells of the link
     */
    public static NetlinkMessage getLinkThere(String name, int namespace) {
        return link("look at the link " + name, RTM_GETLINK, 0, 0, 0).attribute(IFLA_TARGET_NETNSID, namespace)
                .attribute(IFLA_IFNAME, name);
    }

    /** Removes a link. Takes 20 to 30 ms, in which no other link can be changed. */
    public static NetlinkMessage deleteLink(int index) {
        return link("remove link " + index, RTM_DELLINK, 0, index, 0);
    }

    /** Gives a link an address, and by it a route to its subnet. */
    public static NetlinkMessage newAddress(int index, Ipv4 address, Subnet subnet) {
        return new NetlinkMessage("give link " + index + " the address " + address, RTM_NEWADDR, NEW).u8(Libc.AF_INET)
                .u8(subnet.prefix()).u8(0).u8(0).u32(index).attribute(IFA_LOCAL, address)
                .attribute(IFA_ADDRESS, address).attribute(IFA_BROADCAST, subnet.broadcast());
    }

    /**
     * The same; one that is there stays. It can be used at once: nobody is asked first whether he has it, which takes a
     * second and more.
     */
    public static NetlinkMessage newAddress(int index, Ipv6 address, int prefix) {
        return new NetlinkMessage("give link " + index + " the address " + address, RTM_NEWADDR, NEW_OR_OTHER)
                .u8(Libc.AF_INET6).u8(prefix).u8(IFA_F_NODAD).u8(0).u32(index).attribute(IFA_LOCAL, address.bytes())
                .attribute(IFA_ADDRESS, address.bytes());
    }

    /** The route to everywhere else, in the place of the one there is. */
    public static NetlinkMessage newDefaultRoute(Ipv6 gateway, int index) {
        return new NetlinkMessage("route by " + gateway, RTM_NEWROUTE, NEW_OR_OTHER).u8(Libc.AF_INET6).u8(0).u8(0).u8(0)
                .u8(RT_TABLE_MAIN).u8(RTPROT_BOOT).u8(0).u8(RTN_UNICAST).u32(0)
                .attribute(RTA_GATEWAY, gateway.bytes()).attribute(RTA_OIF, index);
    }

    /** The route to everywhere else, in the place of the one there is. */
    public static NetlinkMessage newDefaultRoute(Ipv4 gateway, int index) {
        return new NetlinkMessage("route by " + gateway, RTM_NEWROUTE, NEW_OR_OTHER).u8(Libc.AF_INET).u8(0).u8(0).u8(0)
                .u8(RT_TABLE_MAIN).u8(RTPROT_BOOT).u8(0).u8(RTN_UNICAST).u32(0).attribute(RTA_GATEWAY, gateway)
                .attribute(RTA_OIF, index);
    }

    private static NetlinkMessage link(String what, int type, int flags, int index, int up) {
        return head(new NetlinkMessage(what, type, flags), index, up);
    }

    /** ifinfomsg: u8 family, u8 -, u16 device type, i32 index, u32 flags, u32 which flags to change. */
    private static NetlinkMessage head(NetlinkMessage message, int index, int up) {
        return message.u8(0).u8(0).u16(0).u32(index).u32(up).u32(up);
    }
}
