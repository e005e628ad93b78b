package dev.tinydocker.network;

import dev.tinydocker.linux.Link;
import dev.tinydocker.linux.LinkAddress;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.Rtnetlink;
import dev.tinydocker.linux.SyscallException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.util.List;

/** Looks at what leads to a container and out of it, as the kernel has it: links, and the packet filter. */
@Service
public class Wiring {

    private final NetworkService networks;
    private final NetworkThread thread;
    private final PacketFilter filter;
    private final LeaseRecord record;

    Wiring(NetworkService networks, NetworkThread thread, PacketFilter filter, LeaseRecord record) {
        this.networks = networks;
        this.thread = thread;
        this.filter = filter;
        this.record = record;
    }

    /**
     * A published port, and the element of a map of the packet filter that leads on from it.
     *
     * @param map empty where the packet filter does not lead on, but the engine
     * @param element empty where there is none
     */
    public record Led(PublishedPort port, String map, String element) {
    }

    /** All of this host's links to a container, in the order of its own. */
    public List<Wire> wires(String container) {
        List<Lease> leases = networks.leases(container);
        return leases.isEmpty() ? List.of() : thread.call(() -> {
            try (Rtnetlink netlink = Rtnetlink.open()) {
                List<Link> links = netlink.links();
                List<LinkAddress> addresses = netlink.addresses();
                return leases.stream().map(lease -> wire(lease, links, addresses, netlink)).toList();
            }
        });
    }

    private static Wire wire(Lease lease, List<Link> links, List<LinkAddress> addresses, Rtnetlink netlink) {
        Link outside = find(links, lease.link());
        if (outside == null || !outside.kind().equals("veth")) {
            return new Wire(lease, null, null, null, List.of(), List.of());
        }
        Link bridge = find(links, outside.master());
        int number = bridge == null ? 0 : bridge.index();
        return new Wire(lease, inside(outside, netlink), outside, bridge,
                addresses.stream().filter(address -> address.link() == number).toList(),
                links.stream().filter(link -> number != 0 && link.master() == number && link != outside)
                        .map(Link::name).toList());
    }

    private static @Nullable Link inside(Link outside, Rtnetlink netlink) {
        try {
            return outside.peerNamespace() < 0 ? null
                    : find(netlink.linksThere(outside.peerNamespace()), outside.peer());
        } catch (SyscallException e) {
            // It has gone with its namespace, or the kernel is too old to look there.
            return null;
        }
    }

    private static @Nullable Link find(List<Link> links, int index) {
        return links.stream().filter(link -> index != 0 && link.index() == index).findFirst().orElse(null);
    }

    /** The ports of this host that lead to a container. */
    public List<Led> ports(String container) {
        List<Forward> forwards = record.forwards(container);
        return forwards.isEmpty() ? List.of() : thread.call(() -> forwards.stream().map(forward -> forward.leads()
                ? new Led(forward.port(), Ruleset.map(forward.port()), element(forward.port()))
                : new Led(forward.port(), "", "")).toList());
    }

    private String element(PublishedPort port) {
        try {
            return filter.element(port);
        } catch (NftablesException e) {
            return "";
        }
    }

    /** The rules that change the sender of a container's packets on their way out; none where it has no way out. */
    public List<String> waysOut(String container) {
        boolean out = networks.leases(container).stream().anyMatch(lease -> lease.network().driver() == Driver.BRIDGE
                && !lease.network().internal());
        return out ? thread.call(this::masquerades) : List.of();
    }

    private List<String> masquerades() {
        try {
            return filter.masquerades();
        } catch (NftablesException e) {
            return List.of();
        }
    }

    /** The name of this engine's table in the packet filter, as in {@code inet tiny0}. */
    public String table() {
        return filter.table();
    }
}
