package dev.tinydocker.network;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Link;
import dev.tinydocker.linux.LinkAddress;
import dev.tinydocker.linux.NetlinkMessage;
import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.Route;
import dev.tinydocker.linux.RouteMessages;
import dev.tinydocker.linux.Rtnetlink;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.Subnet6;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The links of networks, as the kernel has them: a bridge for each, and one for each container. May be asked again for
 * what is there already, and does not mind what is gone. Used on the {@link NetworkThread} only.
 */
@Component
class Bridge implements AutoCloseable {

    private static final int USUAL_MTU = 1500;

    private final String owner;
    private final boolean ipv6;
    private @Nullable Rtnetlink netlink;
    private final Map<Long, Joint> joints = new HashMap<>();

    /** What containers of a network are connected to: a bridge, or the link that macvlans are on. */
    private record Joint(int index, int mtu) {
    }

    Bridge(Layout layout) {
        this.owner = "tiny-docker " + layout.runRoot();
        this.ipv6 = ContainerFiles.hostHasIpv6();
    }

    /** What addresses are used on this host, or lead somewhere from it, without those of our own bridges. */
    List<Subnet> taken() {
        Set<Integer> own = own(netlink().links());
        return Stream.concat(netlink().routes().stream()
                .filter(route -> !own.contains(route.link()) && route.destination().prefix() > 0)
                .map(Route::destination), addresses(own)).toList();
    }

    /** What addresses its links have, without those of our own bridges. */
    List<Subnet> addresses() {
        return addresses(own(netlink().links())).toList();
    }

    /** The same of IPv6. */
    List<Subnet6> addresses6() {
        return netlink().subnets6(own(netlink().links()));
    }

    /** Whether it is an address of this host. */
    boolean isHere(InetAddress address) {
        return netlink().hasAddress(address);
    }

    private Stream<Subnet> addresses(Set<Integer> own) {
        return netlink().addresses().stream().filter(address -> !own.contains(address.link()))
                .map(LinkAddress::subnet);
    }

    private Set<Integer> own(List<Link> links) {
        return links.stream().filter(link -> link.alias().equals(owner)).map(Link::index).collect(Collectors.toSet());
    }

    /** The names of bridges that are ours, but for those that are needed. */
    List<String> left(Collection<String> needed) {
        return netlink().links().stream().filter(link -> link.alias().equals(owner)).map(Link::name)
                .filter(name -> !needed.contains(name)).toList();
    }

    /**
     * Makes what joins the containers of a network as the record has it, whatever is there.
     *
     * @param published those of the containers that have published ports
     * @throws Conflict where a link of that name belongs to somebody else
     * @throws NotFound where macvlans are to be on a link that is not there
     */
    void make(Network network, List<Lease> leases, Set<String> published) {
        if (network.driver() == Driver.MACVLAN) {
            String parent = network.options().get(NewNetwork.PARENT);
            Link link = netlink().link(String.valueOf(parent)).orElseThrow(() -> new NotFound(
                    "make the network '" + network.name() + "'", "this host has no link '" + parent + "'",
                    "'ip link' lists all there are"));
            joints.put(network.number(), new Joint(link.index(), mtu(network, link.mtu())));
            return;
        }
        if (network.pool6() != null && !ipv6) {
            throw new HostLacks("make the network '" + network.name() + "'", "this host has no IPv6",
                    "boot without ipv6.disable, or create it without --ipv6");
        }
        if (leases.isEmpty()) {
            remove(network.link());
        }
        int mtu = mtu(network, mtu());
        List<Link> links = netlink().links();
        try {
            int index = bridge(network, links, mtu);
            setUp(network, index, leases, published, links);
            Sysctl.set("net/ipv4/conf/" + network.link() + "/route_localnet", "1");
            joints.put(network.number(), new Joint(index, mtu));
        } catch (SyscallException | UncheckedIOException e) {
            String what = "make the network '" + network.name() + "'";
            throw lacks(e) ? noKind(what, "bridge", e) : new SystemFailure(what, String.valueOf(e.getMessage()),
                    "'doctor' says what this host lacks; --net none goes without", e);
        }
    }

    private int bridge(Network network, List<Link> links, int mtu) {
        String name = network.link();
        Link link = links.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
        if (link == null) {
            // In one go: a bridge without its owner's name is never to be seen, whoever is killed when.
            netlink().send(RouteMessages.newBridge(name, Lease.mac(network.addresses().gateway()), mtu),
                    RouteMessages.alias(name, owner));
            return netlink().link(name).orElseThrow().index();
        }
        if (!link.kind().equals("bridge") || !link.alias().equals(owner)) {
            throw new Conflict("make the bridge '" + name + "'", "there is a link of that name, which belongs to "
                    + (link.alias().isEmpty() ? "somebody else" : "'" + link.alias() + "'"),
                    network.isDefault() ? "set tiny.network.bridge to another name" : "rename that link");
        }
        return link.index();
    }

    private void setUp(Network network, int index, List<Lease> leases, Set<String> published, List<Link> links) {
        List<NetlinkMessage> messages = new ArrayList<>();
        Pool6 pool6 = network.pool6();
        if (ipv6) {
            String settings = "net/ipv6/conf/" + network.link();
            // A container may send what a router sends: this host takes neither routes nor addresses from it.
            Sysctl.set(settings + "/accept_ra", "0");
            Sysctl.set(settings + "/disable_ipv6", pool6 == null ? "1" : "0");
            messages.add(RouteMessages.withoutIpv6(index));
        }
        Pool pool = network.addresses();
        LinkAddress own = new LinkAddress(index, pool.gateway(), pool.subnet().prefix());
        if (!netlink().addresses().contains(own)) {
            messages.add(RouteMessages.newAddress(index, own.address(), pool.subnet()));
        }
        if (pool6 != null) {
            messages.add(RouteMessages.newAddress(index, Lease.linkLocal(Lease.mac(pool.gateway())),
                    Lease.LINK_LOCAL_PREFIX));
            messages.add(RouteMessages.newAddress(index, pool6.gateway(), pool6.subnet().prefix()));
        }
        messages.add(RouteMessages.setUp(index));
        Map<Integer, Lease> ports = leases.stream().collect(Collectors.toMap(Lease::link, Function.identity()));
        for (Link link : links) {
            Lease lease = ports.get(link.index());
            if (lease != null && link.master() != index) {
                messages.add(RouteMessages.plugIn(link.index(), index));
                if (published.contains(lease.container())) {
                    messages.add(RouteMessages.hairpin(link.index()));
                }
            }
        }
        netlink().send(messages.toArray(NetlinkMessage[]::new));
    }

    /**
     * Makes the link between a container and its network. The end of the container's process, at any time, removes it.
     *
     * @throws SyscallException ENOENT where the process is gone, ENODEV or EINVAL where the bridge is
     * @throws HostLacks where the kernel makes no such links
     */
    void plug(Lease lease, NetworkNamespace there) {
        Joint joint = joints.getOrDefault(lease.network().number(), new Joint(0, USUAL_MTU));
        int inside = ContainerSide.index(lease);
        boolean macvlan = lease.network().driver() == Driver.MACVLAN;
        try {
            if (macvlan) {
                netlink().send(RouteMessages.newMacvlan(joint.index, joint.mtu, NewNetwork.mode(lease.network()),
                        there, lease.nameInside(), inside, lease.mac()));
            } else {
                netlink().send(veth(lease, joint, there, inside));
            }
        } catch (SyscallException e) {
            throw lacks(e) ? noKind("connect to the network '" + lease.network().name() + "'",
                    macvlan ? "macvlan" : "veth", e) : e;
        }
    }

    /**
     * The end that is here has no IPv6 address: nobody asks a port of a bridge for one, and the kernel goes through all
     * of them whenever a link goes.
     */
    private NetlinkMessage[] veth(Lease lease, Joint joint, NetworkNamespace there, int inside) {
        NetlinkMessage made = RouteMessages.newVeth(lease.linkName(), lease.link(), joint.index, joint.mtu, there,
                lease.nameInside(), inside, lease.mac());
        NetlinkMessage up = RouteMessages.setUp(lease.link());
        return ipv6 ? new NetlinkMessage[] { made, RouteMessages.withoutIpv6(lease.link()), up }
                : new NetlinkMessage[] { made, up };
    }

    /** The answer to who asks for a kind of link that the kernel does not know, rtnetlink(7). */
    private static boolean lacks(RuntimeException e) {
        return e instanceof SyscallException failure && failure.errno() == Errno.EOPNOTSUPP;
    }

    private static HostLacks noKind(String what, String kind, RuntimeException e) {
        return new HostLacks(what, "the kernel makes no link of the kind '" + kind + "': " + e.getMessage(),
                "run 'modprobe " + kind + "', or use a kernel that has CONFIG_" + kind.toUpperCase(Locale.ROOT)
                        + ", or --net none", e);
    }

    /** Lets a container have back what it sent to a published port of its own. */
    void hairpin(Lease lease) {
        netlink().send(RouteMessages.hairpin(lease.link()));
    }

    /** Removes a bridge; nothing happens where there is none, or none of ours. */
    void remove(String bridge) {
        Link link = netlink().link(bridge).orElse(null);
        if (link != null && link.alias().equals(owner)) {
            removeLink(link.index());
        }
    }

    /** Removes a link; one that is gone is no mistake. */
    void removeLink(int index) {
        try {
            netlink().send(RouteMessages.deleteLink(index));
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }

    private static int mtu(Network network, int usual) {
        String asked = network.options().get(NewNetwork.MTU);
        return asked == null ? usual : Integer.parseInt(asked);
    }

    /** What a packet may have on the way to other hosts. */
    private int mtu() {
        Route way = netlink().routes().stream().filter(route -> route.destination().first().equals(Ipv4.ANY)
                && route.destination().prefix() == 0).findFirst().orElse(null);
        if (way == null) {
            return USUAL_MTU;
        }
        return way.mtu() > 0 ? way.mtu() : netlink().links().stream().filter(link -> link.index() == way.link())
                .map(Link::mtu).findFirst().orElse(USUAL_MTU);
    }

    private Rtnetlink netlink() {
        if (netlink == null) {
            netlink = Rtnetlink.open();
        }
        return Objects.requireNonNull(netlink);
    }

    @Override
    public void close() {
        if (netlink != null) {
            netlink.close();
        }
    }
}
