package dev.tinydocker.shell;

import dev.tinydocker.network.Lease;
import dev.tinydocker.network.PublishedPort;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a container has of its network, in the words of Docker's inspect. */
final class NetworkInspection {

    private NetworkInspection() {
    }

    static Map<String, Object> of(Optional<Lease> lease, List<PublishedPort> published) {
        Map<String, Object> ports = new LinkedHashMap<>();
        for (PublishedPort port : published) {
            ports.merge(port.inside(), List.of(binding(port)), NetworkInspection::both);
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("Ports", ports);
        settings.put("Gateway", lease.map(has -> has.gateway().toString()).orElse(""));
        settings.put("IPAddress", lease.map(has -> has.address().toString()).orElse(""));
        settings.put("IPPrefixLen", lease.map(has -> has.subnet().prefix()).orElse(0));
        settings.put("MacAddress", lease.map(Lease::macText).orElse(""));
        return settings;
    }

    private static Map<String, Object> binding(PublishedPort port) {
        Map<String, Object> binding = new LinkedHashMap<>();
        binding.put("HostIp", port.address().toString());
        binding.put("HostPort", Integer.toString(port.hostPort()));
        return binding;
    }

    private static Object both(Object some, Object more) {
        List<Object> all = new ArrayList<>((List<?>) some);
        all.addAll((List<?>) more);
        return all;
    }
}
