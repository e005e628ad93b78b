package dev.tinydocker.explain;

import dev.tinydocker.container.Container;
import dev.tinydocker.explain.Anatomy.Bridge;
import dev.tinydocker.explain.Anatomy.End;
import dev.tinydocker.explain.Anatomy.Link;
import dev.tinydocker.explain.Anatomy.Network;
import dev.tinydocker.explain.Anatomy.Port;
import dev.tinydocker.linux.Rtnetlink;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.Wire;
import dev.tinydocker.network.Wiring;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A container's way to the network: what its own stack has, and what that hangs on outside. */
@Component
class WaysOut {

    private final Wiring wiring;

    WaysOut(Wiring wiring) {
        this.wiring = wiring;
    }

    Network of(Container container, ProcFiles process) {
        NetworkWish wish = container.spec().network();
        if (wish.sharesHost()) {
            return new Network("host", host(), NetworkStack.routes(process), List.of(), List.of());
        }
        // Whose stack it is, the wires are that one's.
        String owner = wish.joined().orElse(container.id());
        List<Wire> wires = wiring.wires(owner);
        List<Link> links = new ArrayList<>();
        NetworkStack.links(process).forEach((name, addresses) -> links.add(link(name, addresses, wires.stream()
                .filter(wire -> wire.inside() != null ? wire.inside().name().equals(name)
                        : wire.lease().nameInside().equals(name)).findFirst().orElse(null))));
        return new Network(mode(wish), links, NetworkStack.routes(process), wiring.ports(owner).stream()
                .map(led -> new Port(led.port().outside(), led.port().inside(),
                        led.map().isEmpty() ? Port.RELAY : wiring.table() + " " + led.map(), led.element())).toList(),
                wiring.waysOut(owner));
    }

    static String mode(NetworkWish wish) {
        return wish.joined().map(id -> NetworkMode.word(id.substring(0, Math.min(12, id.length()))))
                .orElse(wish.mode().name().toLowerCase(Locale.ROOT));
    }

    private static Link link(String name, List<String> addresses, @Nullable Wire wire) {
        if (wire == null) {
            return new Link(name, 0, "", 0, true, addresses, "", null, null);
        }
        dev.tinydocker.linux.Link inside = wire.inside();
        dev.tinydocker.linux.Link outside = wire.outside();
        dev.tinydocker.linux.Link bridge = wire.bridge();
        return new Link(name, inside == null ? 0 : inside.index(), inside == null ? wire.lease().macText()
                : inside.mac(), inside == null ? 0 : inside.mtu(), inside == null || inside.up(), addresses,
                wire.lease().network().name(),
                outside == null ? null : new End(outside.name(), outside.index(), outside.up()),
                bridge == null ? null : new Bridge(bridge.name(), bridge.index(), wire.addresses().stream()
                        .map(address -> address.address() + "/" + address.prefix()).toList(), wire.others()));
    }

    Network host(ProcFiles process) {
        return new Network("host", host(), NetworkStack.routes(process), List.of(), List.of());
    }

    private static List<Link> host() {
        Map<String, List<String>> addresses = NetworkStack.links(new ProcFiles("self"));
        try (Rtnetlink netlink = Rtnetlink.open()) {
            List<Link> links = new ArrayList<>();
            netlink.links().forEach(link -> {
                List<String> own = addresses.remove(link.name());
                links.add(new Link(link.name(), link.index(), link.mac(), link.mtu(), link.up(),
                        own == null ? List.of() : own, "", null, null));
            });
            addresses.forEach((name, rest) -> links.add(link(name, rest, null)));
            return links;
        }
    }
}
