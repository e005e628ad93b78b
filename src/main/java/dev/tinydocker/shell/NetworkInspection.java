package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.Network;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.Pool6;
import dev.tinydocker.network.PublishedPort;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a container has of its networks, in the words of Docker's inspect. */
final class NetworkInspection {

    private NetworkInspection() {
    }

    /** @param leases what it has while it runs */
    static Map<String, Object> of(Container container, List<Lease> leases, List<PublishedPort> published) {
        Map<String, Object> ports = new LinkedHashMap<>();
        for (PublishedPort port : published) {
            ports.merge(port.inside(), List.of(binding(port)), NetworkInspection::both);
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        if (container.state().isAlive()) {
            container.spec().network().exposed().forEach(port -> ports.putIfAbsent(port.inside(), null));
        }
        settings.put("Ports", ports);
        Lease first = leases.isEmpty() ? null : leases.getFirst();
        addresses(settings, first);
        settings.put("MacAddress", first == null ? "" : first.macText());
        Map<String, Object> networks = new LinkedHashMap<>();
        NetworkWish wish = container.spec().network();
        if (wish.mode() != NetworkMode.ISOLATED) {
            String name = wish.mode().name().toLowerCase(Locale.ROOT);
            networks.put(name, network(Endpoint.of(name), null, container));
        }
        for (Endpoint endpoint : wish.mode().isConnected() ? wish.endpoints() : List.<Endpoint>of()) {
            Lease lease = leases.stream().filter(each -> each.network().name().equals(name(endpoint))).findFirst()
                    .orElse(null);
            networks.put(name(endpoint), network(endpoint, lease, container));
        }
        settings.put("Networks", networks);
        return settings;
    }

    /** What Docker's HostConfig has of it: what was asked. */
    static Map<String, Object> hostConfig(NetworkWish wish) {
        Map<String, Object> bindings = new LinkedHashMap<>();
        for (PublishedPort port : wish.ports()) {
            bindings.merge(port.inside(), List.of(asked(port)), NetworkInspection::both);
        }
        NameWish names = wish.names();
        List<String> hosts = names.hosts().stream().map(host -> host.name() + ":" + host.address()).toList();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("PortBindings", bindings);
        config.put("PublishAllPorts", wish.publishAll());
        config.put("Dns", names.servers());
        config.put("DnsOptions", names.options());
        config.put("DnsSearch", names.search());
        config.put("ExtraHosts", hosts.isEmpty() ? null : hosts);
        return config;
    }

    private static Map<String, Object> asked(PublishedPort port) {
        String last = port.lastPort() == null ? "" : "-" + port.lastPort();
        Map<String, Object> binding = new LinkedHashMap<>();
        binding.put("HostIp", port.address() != null && port.address6() != null ? "" : port.host());
        binding.put("HostPort", port.hostPort() == 0 ? "" : port.hostPort() + last);
        return binding;
    }

    /** The ports that the image or its user names, as keys. */
    static Map<String, Object> exposed(NetworkWish wish) {
        Map<String, Object> exposed = new TreeMap<>();
        Stream.concat(wish.ports().stream(), wish.exposed().stream())
                .forEach(port -> exposed.put(port.inside(), Map.of()));
        return exposed;
    }

    private static String name(Endpoint endpoint) {
        return Network.nameOf(endpoint.network());
    }

    private static void addresses(Map<String, Object> settings, @Nullable Lease lease) {
        Pool6 pool6 = lease == null ? null : lease.network().pool6();
        boolean closed = lease == null || lease.network().internal();
        settings.put("Gateway", lease == null || closed ? "" : lease.gateway().toString());
        settings.put("IPAddress", lease == null ? "" : lease.address().toString());
        settings.put("IPPrefixLen", lease == null ? 0 : lease.subnet().prefix());
        settings.put("IPv6Gateway", pool6 == null || closed ? "" : pool6.gateway().toString());
        settings.put("GlobalIPv6Address", lease == null || pool6 == null ? "" : String.valueOf(lease.address6()));
        settings.put("GlobalIPv6PrefixLen", pool6 == null ? 0 : pool6.subnet().prefix());
    }

    private static Map<String, Object> network(Endpoint endpoint, @Nullable Lease lease, Container container) {
        Map<String, Object> network = new LinkedHashMap<>();
        Map<String, Object> asked = new LinkedHashMap<>();
        if (endpoint.address() != null) {
            asked.put("IPv4Address", endpoint.address().toString());
        }
        if (endpoint.address6() != null) {
            asked.put("IPv6Address", endpoint.address6().toString());
        }
        network.put("IPAMConfig", asked.isEmpty() ? null : asked);
        network.put("Links", null);
        network.put("Aliases", endpoint.aliases().isEmpty() ? null : endpoint.aliases());
        network.put("MacAddress", lease == null ? "" : lease.macText());
        network.put("DriverOpts", null);
        network.put("NetworkID", lease == null ? "" : lease.network().id());
        network.put("EndpointID", lease == null ? "" : lease.linkName());
        addresses(network, lease);
        List<String> names = new ArrayList<>(lease == null ? List.of() : lease.names());
        if (lease != null) {
            names.add(container.shortId());
        }
        network.put("DNSNames", names.isEmpty() ? null : names);
        return network;
    }

    private static Map<String, Object> binding(PublishedPort port) {
        Map<String, Object> binding = new LinkedHashMap<>();
        binding.put("HostIp", port.host());
        binding.put("HostPort", Integer.toString(port.hostPort()));
        return binding;
    }

    private static Object both(Object some, Object more) {
        List<Object> all = new ArrayList<>((List<?>) some);
        all.addAll((List<?>) more);
        return all;
    }
}
