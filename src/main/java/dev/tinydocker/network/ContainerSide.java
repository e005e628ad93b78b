package dev.tinydocker.network;

import dev.tinydocker.linux.NetlinkMessage;
import dev.tinydocker.linux.RouteMessages;
import dev.tinydocker.plan.ShimStep;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** What is sent inside a container's network namespace, by its own first process before it becomes the program. */
final class ContainerSide {

    /** The number of lo in every network namespace. */
    static final int LO = 1;
    /** The number of eth0: behind those of the tunnels that some kernels put into every new network namespace. */
    static final int ETH0 = 16;

    /** The host's namespace, as the kernel numbers it in a new one whose first link leads there. */
    private static final int HOST = 0;

    private ContainerSide() {
    }

    /** A stack with lo alone. */
    static List<ShimStep> loopback() {
        return List.of(new ShimStep.Netlink(bytes(List.of(RouteMessages.setUp(LO))), "set lo up",
                "because a new network namespace has nothing else, and has it down"));
    }

    /** A stack with lo and eth0, which the engine has put there once it says go. */
    static List<ShimStep> connected(Lease lease, boolean ipv6) {
        List<NetlinkMessage> messages = new ArrayList<>();
        messages.add(RouteMessages.setUp(LO));
        if (ipv6) {
            messages.add(RouteMessages.withoutIpv6(ETH0));
        }
        messages.add(RouteMessages.setUp(ETH0));
        messages.add(RouteMessages.newAddress(ETH0, lease.address(), lease.subnet()));
        messages.add(RouteMessages.newDefaultRoute(lease.gateway(), ETH0));
        messages.add(RouteMessages.getLinkThere(lease.linkName(), HOST));
        return List.of(new ShimStep.Await(), new ShimStep.Netlink(bytes(messages),
                "set lo and eth0 up with the address " + lease.address() + " and a route by " + lease.gateway(),
                "so that the container reaches others"));
    }

    private static byte[] bytes(List<NetlinkMessage> messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (NetlinkMessage message : messages) {
            all.writeBytes(message.bytes());
        }
        return all.toByteArray();
    }
}
