package dev.tinydocker.network;

import dev.tinydocker.linux.NetlinkMessage;
import dev.tinydocker.linux.RouteMessages;
import dev.tinydocker.plan.ShimStep;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        Optional<Lease> way = leases.stream().filter(lease -> !lease.network().internal()).findFirst();
        way.ifPresent(lease -> route(lease, messages));
        leases.forEach(lease -> look(lease, messages));
        String what = leases.stream().map(lease -> lease.nameInside() + " with the address " + lease.address())
                .collect(Collectors.joining(", ", "set up lo, ", ""))
                + way.map(lease -> ", and a route by " + lease.gateway()).orElse("");
        return List.of(new ShimStep.Await(), new ShimStep.Netlink(bytes(messages), what,
                "so that the container reaches others"));
    }

    private static void link(Lease lease, boolean ipv6, List<NetlinkMessage> messages) {
        int index = index(lease);
        if (ipv6) {
            messages.add(RouteMessages.withoutIpv6(index));
        }
        messages.add(RouteMessages.setUp(index));
        messages.add(RouteMessages.newAddress(index, lease.address(), lease.subnet()));
    }

    private static void route(Lease lease, List<NetlinkMessage> messages) {
        messages.add(RouteMessages.newDefaultRoute(lease.gateway(), index(lease)));
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
