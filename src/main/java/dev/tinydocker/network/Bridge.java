package dev.tinydocker.network;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Link;
import dev.tinydocker.linux.LinkAddress;
import dev.tinydocker.linux.NetlinkMessage;
import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.Nftables;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.Route;
import dev.tinydocker.linux.RouteMessages;
import dev.tinydocker.linux.Rtnetlink;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The bridge of a network, its links and its table in the packet filter, as the kernel has them. May be asked again for
 * what is there already, and does not mind what is gone. Used on the {@link NetworkThread} only.
 */
@Component
class Bridge implements AutoCloseable {

    private static final int USUAL_MTU = 1500;
    private static final String IP_FORWARD = "net.ipv4.ip_forward";

    private final String owner;
    private final boolean ipv6;
    private @Nullable Rtnetlink netlink;
    private @Nullable Nftables nftables;
    private int index;
    private int mtu = USUAL_MTU;

    Bridge(Layout layout) {
        this.owner = "tiny-docker " + layout.runRoot();
        this.ipv6 = ContainerFiles.hostHasIpv6();
    }

    /** What addresses are used on this host, or lead somewhere from it, without those of the bridge itself. */
    List<Subnet> taken(String bridge) {
        int own = netlink().link(bridge).map(Link::index).orElse(0);
        return Stream.concat(
                netlink().routes().stream().filter(route -> route.link() != own && route.destination().prefix() > 0)
                        .map(Route::destination),
                netlink().addresses().stream().filter(address -> address.link() != own).map(LinkAddress::subnet))
                .toList();
    }

    /**
     * Makes the bridge and the table as the record has them, whatever is there.
     *
     * @return what the user should know of this host, a line each
     * @throws Conflict where a link of that name belongs to somebody else
     */
    List<String> make(Network network, List<Lease> leases, List<Forward> forwards) {
        Nftables filter = nftables();
        if (leases.isEmpty()) {
            remove(network.bridge());
        }
        mtu = mtu();
        List<Link> links = netlink().links();
        try {
            index = bridge(network, links);
            setUp(network, leases, links);
            Sysctl.set("net/ipv4/conf/" + network.bridge() + "/route_localnet", "1");
            filter.run(Ruleset.replace(network.bridge(), network.subnet(), forwards));
            return notices(network, filter);
        } catch (SyscallException | NftablesException | UncheckedIOException e) {
            if (leases.isEmpty()) {
                remove(network.bridge());
            }
            throw new SystemFailure("make the network '" + network.name() + "'", String.valueOf(e.getMessage()),
                    "'doctor' says what this host lacks", e);
        }
    }

    private int bridge(Network network, List<Link> links) {
        String name = network.bridge();
        Link link = links.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
        if (link == null) {
            // In one go: a bridge without its owner's name is never to be seen, whoever is killed when.
            netlink().send(RouteMessages.newBridge(name, Lease.mac(network.gateway()), mtu),
                    RouteMessages.alias(name, owner));
            return netlink().link(name).orElseThrow().index();
        }
        if (!link.kind().equals("bridge") || !link.alias().equals(owner)) {
            throw new Conflict("make the bridge '" + name + "'", "there is a link of that name, which belongs to "
                    + (link.alias().isEmpty() ? "somebody else" : "'" + link.alias() + "'"),
                    "set tiny.network.bridge to another name");
        }
        return link.index();
    }

    private void setUp(Network network, List<Lease> leases, List<Link> links) {
        List<NetlinkMessage> messages = new ArrayList<>();
        if (ipv6) {
            messages.add(RouteMessages.withoutIpv6(index));
        }
        LinkAddress own = new LinkAddress(index, network.gateway(), network.subnet().prefix());
        if (!netlink().addresses().contains(own)) {
            messages.add(RouteMessages.newAddress(index, own.address(), network.subnet()));
        }
        messages.add(RouteMessages.setUp(index));
        List<Integer> ports = leases.stream().map(Lease::link).toList();
        links.stream().filter(link -> ports.contains(link.index()) && link.master() != index)
                .forEach(link -> messages.add(RouteMessages.plugIn(link.index(), index)));
        netlink().send(messages.toArray(NetlinkMessage[]::new));
    }

    private List<String> notices(Network network, Nftables filter) {
        List<String> notices = new ArrayList<>();
        if (Sysctl.get(IP_FORWARD).equals("0")) {
            Sysctl.set(IP_FORWARD, "1");
            notices.add(IP_FORWARD + " was 0: set to 1, so that containers reach other hosts");
        }
        for (String chain : Ruleset.dropping(filter.run("list chains"))) {
            notices.add("the packet filter's chain '" + chain + "' drops what no rule of its own takes; where "
                    + "containers do not reach other hosts, let '" + network.bridge()
                    + "' through there, both in and out");
        }
        return notices;
    }

    /**
     * Makes the link between a container and the bridge. The end of the container's process, at any time, removes it.
     *
     * @throws SyscallException ENOENT where the process is gone, ENODEV or EINVAL where the bridge is
     */
    void plug(Lease lease, NetworkNamespace there) {
        netlink().send(RouteMessages.newVeth(lease.linkName(), lease.link(), index, mtu, there, "eth0",
                ContainerSide.ETH0, lease.mac()));
    }

    /**
     * Leads ports of the host to a container, which may ask for them itself.
     *
     * @throws NftablesException where one leads elsewhere already, or there is no table any more
     */
    void publish(Network network, Lease lease, List<Forward> forwards) {
        netlink().send(RouteMessages.hairpin(lease.link()));
        nftables().run(Ruleset.publish(network.bridge(), forwards));
    }

    /** The reverse. @throws NftablesException where one leads nowhere, or there is no table any more */
    void unpublish(Network network, List<Forward> forwards) {
        nftables().run(Ruleset.unpublish(network.bridge(), forwards));
    }

    /** Removes bridge and table; nothing happens where there are none, or none of ours. */
    void remove(String bridge) {
        Link link = netlink().link(bridge).orElse(null);
        if (link != null && link.alias().equals(owner)) {
            nftables().run(Ruleset.remove(bridge));
            try {
                netlink().send(RouteMessages.deleteLink(link.index()));
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENODEV) {
                    throw e;
                }
            }
        }
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

    private Nftables nftables() {
        if (nftables == null) {
            nftables = Nftables.open();
        }
        return Objects.requireNonNull(nftables);
    }

    @Override
    public void close() {
        if (netlink != null) {
            netlink.close();
        }
        if (nftables != null) {
            nftables.close();
        }
    }
}
