package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a user asked of a container's place in one network; null is "any".
 *
 * @param network its name
 * @param mac six bytes, as in {@code 02:42:0a:00:00:02}
 * @param aliases further names that others on that network find it by
 */
public record Endpoint(String network, @Nullable Ipv4 address, @Nullable Ipv6 address6, @Nullable String mac,
        List<String> aliases) {

    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}");
    private static final Pattern ALIAS = Pattern.compile("[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9_])?");

    /** A place in a network, and nothing more asked. */
    public static Endpoint of(String network) {
        return new Endpoint(network, null, null, null, List.of());
    }

    /**
     * Reads what {@code --network} has: a name, or {@code name=NAME,alias=A,ip=I,ip6=I,mac-address=M}.
     *
     * @throws InvalidRequest where it is neither
     */
    public static Endpoint parse(String word) {
        if (!word.contains("=")) {
            return of(word);
        }
        Endpoint read = of("");
        for (String field : word.split(",")) {
            String value = field.substring(field.indexOf('=') + 1);
            read = switch (field.substring(0, Math.max(field.indexOf('='), 0))) {
                case "name" -> new Endpoint(value, read.address, read.address6, read.mac, read.aliases);
                case "alias" -> read.with(List.of(alias(value)));
                case "ip" -> read.with(ipv4(value));
                case "ip6" -> read.with(ipv6(value));
                case "mac-address" -> read.with(mac(value));
                default -> throw new InvalidRequest("use the network '" + word + "'", "'" + field
                        + "' is nothing that a network is asked for", "there are name, alias, ip, ip6, mac-address");
            };
        }
        if (read.network.isEmpty()) {
            throw new InvalidRequest("use the network '" + word + "'", "it has no name", "write name=NAME,...");
        }
        return read;
    }

    public Endpoint with(Ipv4 asked) {
        return new Endpoint(network, asked, address6, mac, aliases);
    }

    public Endpoint with(Ipv6 asked) {
        return new Endpoint(network, address, asked, mac, aliases);
    }

    public Endpoint with(String asked) {
        return new Endpoint(network, address, address6, asked, aliases);
    }

    /** The same with these further names. */
    public Endpoint with(List<String> more) {
        List<String> all = new ArrayList<>(aliases);
        more.stream().filter(alias -> !all.contains(alias)).forEach(all::add);
        return new Endpoint(network, address, address6, mac, List.copyOf(all));
    }

    /** The same in the network of that name. */
    public Endpoint in(String name) {
        return new Endpoint(name, address, address6, mac, aliases);
    }

    /** Whether it asks for more than to be connected. */
    public boolean isPlain() {
        return address == null && address6 == null && mac == null && aliases.isEmpty();
    }

    /** @throws InvalidRequest where it is no address */
    public static Ipv4 ipv4(String word) {
        try {
            return Ipv4.parse(word);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("use the address '" + word + "'", "it is no IPv4 address",
                    "write one as in 172.20.0.7");
        }
    }

    /** @throws InvalidRequest where it is no address */
    public static Ipv6 ipv6(String word) {
        try {
            return Ipv6.parse(word);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("use the address '" + word + "'", "it is no IPv6 address",
                    "write one as in fd00:1::7");
        }
    }

    /** @throws InvalidRequest where a link cannot have that hardware address */
    public static String mac(String word) {
        if (!MAC.matcher(word).matches()) {
            throw new InvalidRequest("use the hardware address '" + word + "'",
                    "it is none that one link can have", "write one as in 02:42:0a:00:00:07");
        }
        return word.toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidRequest where it is no name of a host */
    public static String alias(String word) {
        if (!ALIAS.matcher(word).matches()) {
            throw new InvalidRequest("use the alias '" + word + "'", "it is no name of a host",
                    "use up to 63 letters, digits, '-', '_' and '.'");
        }
        return word;
    }
}
