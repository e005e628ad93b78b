package dev.tinydocker.shell;

import dev.tinydocker.network.Driver;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.Network;
import dev.tinydocker.network.Networks;
import dev.tinydocker.network.Pool;
import dev.tinydocker.network.Pool6;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is known of a network, in the words of Docker's inspect. */
final class NetworkDocument {

    private NetworkDocument() {
    }

    static Map<String, Object> of(Network network, Networks networks) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("Name", network.name());
        document.put("Id", network.id());
        document.put("Created", network.createdAt().toString());
        document.put("Scope", "local");
        document.put("Driver", network.driver().word());
        document.put("EnableIPv4", network.driver().hasLinks());
        document.put("EnableIPv6", network.pool6() != null);
        document.put("IPAM", addresses(network));
        document.put("Internal", network.internal());
        document.put("Attachable", false);
        document.put("Ingress", false);
        document.put("ConfigOnly", false);
        Map<String, Object> containers = new LinkedHashMap<>();
        networks.leases(network).forEach(lease -> containers.put(lease.container(), container(lease)));
        document.put("Containers", containers);
        document.put("Options", network.options());
        document.put("Labels", network.labels());
        document.put("Link", network.driver() == Driver.BRIDGE ? network.link() : "");
        return document;
    }

    private static Map<String, Object> addresses(Network network) {
        List<Map<String, Object>> config = new ArrayList<>();
        Pool pool = network.pool();
        if (pool != null) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("Subnet", pool.subnet().toString());
            if (!pool.range().equals(pool.subnet())) {
                of.put("IPRange", pool.range().toString());
            }
            of.put("Gateway", pool.gateway().toString());
            config.add(of);
        }
        Pool6 pool6 = network.pool6();
        if (pool6 != null) {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("Subnet", pool6.subnet().toString());
            of.put("Gateway", pool6.gateway().toString());
            config.add(of);
        }
        Map<String, Object> addresses = new LinkedHashMap<>();
        addresses.put("Driver", "default");
        addresses.put("Options", Map.of());
        addresses.put("Config", config);
        return addresses;
    }

    private static Map<String, Object> container(Lease lease) {
        Pool6 pool6 = lease.network().pool6();
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("Name", lease.name());
        container.put("EndpointID", lease.linkName());
        container.put("MacAddress", lease.macText());
        container.put("IPv4Address", lease.address() + "/" + lease.subnet().prefix());
        container.put("IPv6Address", pool6 == null ? "" : lease.address6() + "/" + pool6.subnet().prefix());
        return container;
    }
}
