package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.Subnet6;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Reads what a user writes of a new network, word by word. Every method throws {@link InvalidRequest}. */
public final class NetworkParser {

    private final String name;
    private final Driver driver;
    private @Nullable Subnet subnet;
    private @Nullable Subnet6 subnet6;
    private @Nullable Ipv4 gateway;
    private @Nullable Ipv6 gateway6;
    private @Nullable Subnet range;
    private final Map<String, String> options = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();

    public NetworkParser(String name, Driver driver) {
        this.name = name;
        this.driver = driver;
    }

    public void subnet(String word) {
        if (word.contains(":")) {
            once(subnet6, "--subnet", word);
            subnet6 = read(() -> Subnet6.parse(word), "write --subnet as in fd00:7::/64");
        } else {
            once(subnet, "--subnet", word);
            subnet = read(() -> Subnet.parse(word), "write --subnet as in 10.7.0.0/24");
        }
    }

    public void gateway(String word) {
        if (word.contains(":")) {
            once(gateway6, "--gateway", word);
            gateway6 = read(() -> Ipv6.parse(word), "write --gateway as in fd00:7::1");
        } else {
            once(gateway, "--gateway", word);
            gateway = read(() -> Ipv4.parse(word), "write --gateway as in 10.7.0.1");
        }
    }

    public void range(String word) {
        once(range, "--ip-range", word);
        range = read(() -> Subnet.parse(word), "write --ip-range as in 10.7.0.128/25");
    }

    public void option(String word) {
        int equals = word.indexOf('=');
        if (equals < 1) {
            throw NewNetwork.refused(name, "the option '" + word + "' has no value", "write -o KEY=VALUE");
        }
        String key = word.substring(0, equals);
        options.put(key.equals("com.docker.network.driver.mtu") ? NewNetwork.MTU : key, word.substring(equals + 1));
    }

    public void label(String word) {
        int equals = word.indexOf('=');
        if (word.isEmpty() || equals == 0) {
            throw NewNetwork.refused(name, "the label '" + word + "' has no name", "write --label NAME=VALUE");
        }
        labels.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
    }

    /** All of it together. */
    public NewNetwork wish(boolean internal, boolean ipv6) {
        return new NewNetwork(name, driver, pool(), pool6(), ipv6 || subnet6 != null, internal, options, labels);
    }

    private @Nullable Pool pool() {
        Subnet of = subnet;
        if (of == null) {
            if (gateway != null || range != null) {
                throw NewNetwork.refused(name, "a gateway or a range is of a subnet, and none is given",
                        "add --subnet");
            }
            return null;
        }
        Ipv4 way = gateway;
        Subnet given = range;
        return read(() -> new Pool(of, way == null ? of.first().plus(1) : way, given == null ? of : given), "");
    }

    private @Nullable Pool6 pool6() {
        Subnet6 of = subnet6;
        if (of == null) {
            if (gateway6 != null) {
                throw NewNetwork.refused(name, "a gateway is of a subnet, and none of IPv6 is given", "add --subnet");
            }
            return null;
        }
        Ipv6 way = gateway6;
        return read(() -> way == null ? Pool6.of(of) : new Pool6(of, way), "");
    }

    private <T> T read(Supplier<T> reader, String hint) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw NewNetwork.refused(name, String.valueOf(e.getMessage()), hint);
        }
    }

    private void once(@Nullable Object before, String option, String word) {
        if (before != null) {
            throw NewNetwork.refused(name, "there is another " + option + " of its kind beside '" + word + "'",
                    "give one for IPv4 and one for IPv6");
        }
    }
}
