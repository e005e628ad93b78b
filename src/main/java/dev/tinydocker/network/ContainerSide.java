package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.NetlinkMessage;
import dev.tinydocker.linux.RouteMessages;
import dev.tinydocker.plan.ShimStep;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is sent inside a container's network namespace, by its own first process before it becomes the program. */
final class ContainerSide {

    /** The number of lo in every network namespace. */
    static final int LO = 1;
    /** The number of eth0: behind those of the tunnels that some kernels put into every new network namespace. */
    private static final int ETH0 = 16;

    /** The host's namespace, as the kernel numbers it in a new one whose first link leads there. */
    private static final int HOST = 0;

    private ContainerSide() {
    }

    /** A stack with lo alone. */
    static List<ShimStep> loopback() {
        return List.of(new ShimStep.Netlink(bytes(List.of(RouteMessages.setUp(LO))), "set lo up",
                "because a new network namespace has nothing else, and has it down"));
    }

    /** The number that a link has in its container. */
    static int index(Lease lease) {
        return ETH0 + lease.position();
    }

    /** A stack with lo and links, which the engine has put there once it says go. */
    static List<ShimStep> connected(List<Lease> leases, boolean ipv6) {
        List<NetlinkMessage> messages = new ArrayList<>();
        messages.add(RouteMessages.setUp(LO));
        leases.forEach(lease -> link(lease, ipv6, messages));
        routes(leases, messages);
        leases.forEach(lease -> look(lease, messages));
        return List.of(new ShimStep.Await(), step(messages, leases.stream()
                .map(lease -> lease.nameInside() + " with the address " + lease.address())
                .collect(Collectors.joining(", ", "set up lo, ", ""))));
    }

    /** One more link in a stack that is there. @param all what the container has then, in the order of its links */
    static List<ShimStep> joined(Lease lease, List<Lease> all, boolean ipv6) {
        List<NetlinkMessage> messages = new ArrayList<>();
        link(lease, ipv6, messages);
        routes(all, messages);
        look(lease, messages);
        return List.of(step(messages, "set up " + lease.nameInside() + " with the address " + lease.address()));
    }

    /** One link less. @param rest what the container has then */
    static List<ShimStep> left(Lease lease, List<Lease> rest) {
        List<NetlinkMessage> messages = new ArrayList<>();
        if (lease.network().driver() == Driver.MACVLAN) {
            messages.add(RouteMessages.deleteLink(index(lease)));
        }
        routes(rest, messages);
        return messages.isEmpty() ? List.of() : List.of(step(messages, "do without " + lease.nameInside()));
    }

    private static ShimStep step(List<NetlinkMessage> messages, String what) {
        return new ShimStep.Netlink(bytes(messages), what, "so that the container reaches others");
    }

    private static void link(Lease lease, boolean ipv6, List<NetlinkMessage> messages) {
        int index = index(lease);
        if (ipv6) {
            messages.add(RouteMessages.withoutIpv6(index));
        }
        messages.add(RouteMessages.setUp(index));
        messages.add(RouteMessages.newAddress(index, lease.address(), lease.subnet()));
        Ipv6 address6 = lease.address6();
        Pool6 pool6 = lease.network().pool6();
        if (address6 != null && pool6 != null) {
            messages.add(RouteMessages.newAddress(index, Lease.linkLocal(lease.mac()), Lease.LINK_LOCAL_PREFIX));
            messages.add(RouteMessages.newAddress(index, address6, pool6.subnet().prefix()));
        }
    }

    /** By the first link that leads out. */
    private static void routes(List<Lease> leases, List<NetlinkMessage> messages) {
        List<Lease> out = leases.stream().filter(lease -> !lease.network().internal()).toList();
        out.stream().findFirst()
                .ifPresent(way -> messages.add(RouteMessages.newDefaultRoute(way.gateway(), index(way))));
        for (Lease way : out) {
            Pool6 pool6 = way.network().pool6();
            if (pool6 != null) {
                messages.add(RouteMessages.newDefaultRoute(pool6.gateway(), index(way)));
                return;
            }
        }
    }

    private static void look(Lease lease, List<NetlinkMessage> messages) {
        if (lease.network().driver() == Driver.BRIDGE) {
            messages.add(RouteMessages.getLinkThere(lease.linkName(), HOST));
        }
    }

    private static byte[] bytes(List<NetlinkMessage> messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (NetlinkMessage message : messages) {
            all.writeBytes(message.bytes());
        }
        return all.toByteArray();
    }
}
