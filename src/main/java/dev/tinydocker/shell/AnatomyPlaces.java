package dev.tinydocker.shell;

import dev.tinydocker.explain.Anatomy;
import dev.tinydocker.explain.Anatomy.Bridge;
import dev.tinydocker.explain.Anatomy.End;
import dev.tinydocker.explain.Anatomy.Layer;
import dev.tinydocker.explain.Anatomy.Link;
import dev.tinydocker.explain.Anatomy.Mount;
import dev.tinydocker.explain.Anatomy.Network;
import dev.tinydocker.explain.Anatomy.Origin;

import java.util.ArrayList;
import java.util.List;

/** What a container sees mounted, and its way to the network, as lines of a page. */
final class AnatomyPlaces {

    /** Those that change what may be done; the others say how times of access are kept. */
    private static final List<String> TOLD = List.of("ro", "nosuid", "nodev", "noexec", "idmapped");
    private static final String TREES = "/sys/fs/cgroup/";
    private static final int TARGET = 27;
    private static final int MOST_LAYERS = 12;
    private static final int MOST_PORTS = 6;

    private AnatomyPlaces() {
    }

    static void mounts(Page page, Anatomy anatomy) {
        List<String> hidden = new ArrayList<>();
        List<String> locked = new ArrayList<>();
        List<String> trees = new ArrayList<>();
        for (Mount mount : anatomy.mounts()) {
            if (mount.type().equals("cgroup") && mount.target().startsWith(TREES)) {
                trees.add(mount.target().substring(TREES.length()));
            } else if (mount.origin() == Origin.MASK) {
                (mount.type().equals("proc") || mount.type().equals("sysfs") ? locked : hidden).add(mount.target());
            } else {
                page.line(line(mount));
                layers(page, mount);
            }
        }
        if (!trees.isEmpty()) {
            page.list("trees in /sys/fs/cgroup", TARGET, trees);
        }
        if (!hidden.isEmpty()) {
            page.list("covered, not to be seen", TARGET, hidden);
        }
        if (!locked.isEmpty()) {
            page.list("read-only on top", TARGET, locked);
        }
    }

    private static String line(Mount mount) {
        String options = String.join(",", TOLD.stream().filter(mount.options()::contains).toList());
        String left = Page.pad(mount.target(), TARGET) + Page.pad(mount.type().isEmpty() ? "-" : mount.type(), 9)
                + Page.pad(options, 26);
        return left + " " + from(mount);
    }

    private static String from(Mount mount) {
        long lower = mount.layers().stream().filter(layer -> !layer.writable()).count();
        return switch (mount.origin()) {
            case IMAGE -> lower + (lower == 1 ? " layer" : " layers") + " of the image, 1 to write";
            case VOLUME -> "a volume of its own" + (mount.from().startsWith("/") ? ": " + mount.from() : "");
            case BIND -> "the host's " + mount.from();
            case ENGINE -> "the engine's " + mount.from().substring(mount.from().lastIndexOf('/') + 1) + " for it";
            case KERNEL -> "the kernel";
            case MEMORY -> "memory";
            case MASK -> "covered";
            case DEVICE -> "a device of the host";
            case OTHER -> mount.from();
        };
    }

    private static void layers(Page page, Mount mount) {
        mount.layers().stream().limit(MOST_LAYERS).forEach(layer -> page.line(layer(layer)));
        if (mount.layers().size() > MOST_LAYERS) {
            page.line("    … and " + (mount.layers().size() - MOST_LAYERS) + " below");
        }
    }

    private static String layer(Layer layer) {
        return (layer.writable() ? "  + " : "  | ") + layer.path();
    }

    static void network(Page page, Anatomy anatomy) {
        Network network = anatomy.network();
        page.line(switch (network.mode()) {
            case "none" -> "none: a stack of its own, with nothing but lo";
            case "host" -> "the host's: its links, addresses and ports are this host's";
            case "isolated" -> "a stack of its own, connected to "
                    + String.join(", ", network.links().stream().map(Link::network).filter(name -> !name.isEmpty())
                            .map(name -> "'" + name + "'").toList());
            default -> "that of the container " + network.mode().substring(network.mode().indexOf(':') + 1);
        });
        network.links().stream().filter(link -> link.peer() == null || anatomy.id().isEmpty())
                .forEach(link -> page.line(Page.pad(link.name(), 8) + String.join("  ", link.addresses())
                        + (link.network().isEmpty() ? "" : "  in '" + link.network() + "'")));
        network.links().stream().filter(link -> link.peer() != null).forEach(link -> wire(page, link, network));
        network.routes().forEach(route -> page.line(Page.pad("route", 8) + route.destination()
                + (route.gateway().isEmpty() ? " is next door" : " by " + route.gateway()) + ", on " + route.link()));
        network.ports().forEach(port -> page.line(Page.pad("port", 8) + port.outside() + " -> " + port.inside()
                + by(port)));
    }

    private static String by(Anatomy.Port port) {
        if (port.map().isEmpty() || port.map().equals(Anatomy.Port.RELAY)) {
            return port.map().isEmpty() ? "" : "  by " + port.map();
        }
        return "  by " + port.map() + " { " + (port.element().isEmpty() ? "nothing" : port.element()) + " }";
    }

    /** The way of a packet out, drawn from the process to the host. */
    private static void wire(Page page, Link link, Network network) {
        End peer = link.peer();
        Bridge bridge = link.bridge();
        page.line(Page.pad(link.name(), 8) + String.join("  ", link.addresses()) + "  " + link.mac() + "  link "
                + link.index() + ", mtu " + link.mtu() + (link.up() ? "" : ", down"));
        if (peer != null) {
            page.line("  │ veth: what goes in at one end comes out at the other");
            page.line(Page.pad(peer.name(), 8) + "on the host, link " + peer.index() + (peer.up() ? "" : ", down"));
        }
        if (bridge != null) {
            page.line("  │ a port of the bridge");
            int count = bridge.ports().size();
            String others = count == 0 ? "no other port" : count + (count == 1 ? " other port: " : " other ports: ")
                    + String.join(" ", bridge.ports().stream().limit(MOST_PORTS).toList());
            page.line(Page.pad(bridge.name(), 8) + String.join("  ", bridge.addresses()) + "  link " + bridge.index()
                    + "; " + others);
            network.rules().forEach(rule -> {
                page.line("  │ the host's routes, then the packet filter, which sends as the host");
                page.line("nftables  " + rule);
            });
        }
    }
}
