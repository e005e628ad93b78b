package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.problem.InvalidRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads ports as Docker writes them: {@code [IP:][HOST[-HOST]:]CONTAINER[-CONTAINER][/tcp|udp]}, or in words:
 * {@code published=HOST,target=CONTAINER,protocol=tcp}.
 */
public final class PortParser {

    private static final Pattern PUBLISH = Pattern.compile(
            "(?:(?:(?<ip>[^:\\[\\]]*|\\[[^\\]]*\\]):)?(?<host>[0-9-]*):)?(?<inside>[0-9-]+)(?:/(?<protocol>[a-zA-Z]+))?");
    private static final Pattern EXPOSE = Pattern.compile("(?<inside>[0-9-]+)(?:/(?<protocol>[a-zA-Z]+))?");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    private static final String HINT = "write [IP:][HOST:]PORT[/tcp|udp], as in 8080:80";

    private PortParser() {
    }

    /**
     * The ports of one {@code --publish}, without an address those of IPv4 and IPv6; those of a range in turn. A range
     * of the host's for one of the container's is any of them that is free, and 0 is any at all.
     *
     * @throws InvalidRequest where it says none
     */
    public static List<PublishedPort> publish(String word) {
        Matcher matcher = PUBLISH.matcher(word.contains("=") ? inShort(word) : word);
        if (!matcher.matches()) {
            throw refused(word, "it names no port");
        }
        int[] inside = range(word, matcher.group("inside"));
        String host = matcher.group("host");
        int[] outside = host == null || host.isEmpty() || host.equals("0") ? null : range(word, host);
        boolean one = inside[0] == inside[1];
        if (outside != null && !one && outside[1] - outside[0] != inside[1] - inside[0]) {
            throw refused(word, "its two ranges have different lengths");
        }
        PublishedPort.Protocol protocol = protocol(word, matcher.group("protocol"));
        String ip = matcher.group("ip");
        boolean any = ip == null || ip.isEmpty();
        boolean is6 = !any && ip.startsWith("[");
        Ipv6 address6 = any ? Ipv6.ANY : is6 ? address6(word, ip.substring(1, ip.length() - 1)) : null;
        Ipv4 address = any ? Ipv4.ANY : is6 ? null : address(word, ip);
        if (outside != null && one && outside[0] != outside[1]) {
            return List.of(new PublishedPort(protocol, address, outside[0], inside[0], outside[1], address6));
        }
        List<PublishedPort> ports = new ArrayList<>();
        for (int i = 0; i <= inside[1] - inside[0]; i++) {
            ports.add(new PublishedPort(protocol, address, outside == null ? 0 : outside[0] + i, inside[0] + i, null,
                    address6));
        }
        return ports;
    }

    /**
     * The ports of one {@code --expose}: published at any free port of the host where all are.
     *
     * @throws InvalidRequest where it says none
     */
    public static List<PublishedPort> expose(String word) {
        if (!EXPOSE.matcher(word).matches()) {
            throw new InvalidRequest("expose '" + word + "'", "it names no port", "write PORT[/tcp|udp]");
        }
        return publish(word);
    }

    /** The ports of an image's EXPOSE; what is none that can be published is left out. */
    public static List<PublishedPort> exposed(List<String> words) {
        List<PublishedPort> ports = new ArrayList<>();
        for (String word : words) {
            try {
                ports.addAll(expose(word));
            } catch (InvalidRequest e) {
                // An image may know protocols that we do not.
                continue;
            }
        }
        return ports;
    }

    private static String inShort(String word) {
        Map<String, String> fields = new HashMap<>(Map.of("published", "", "target", "", "protocol", "tcp"));
        for (String field : word.split(",")) {
            int equals = field.indexOf('=');
            if (equals < 0 || fields.replace(field.substring(0, equals), field.substring(equals + 1)) == null) {
                throw refused(word, "'" + field + "' is none of published=, target= and protocol=");
            }
        }
        return fields.get("published") + ":" + fields.get("target") + "/" + fields.get("protocol");
    }

    private static int[] range(String word, String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw refused(word, "'" + text + "' is neither a port nor a range");
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (first < 1 || last > 0xffff) {
            throw refused(word, "a port is 1 to 65535");
        }
        if (last < first) {
            throw refused(word, "the range '" + text + "' ends before it begins");
        }
        return new int[] { first, last };
    }

    private static Ipv4 address(String word, String text) {
        try {
            return Ipv4.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(word, String.valueOf(e.getMessage()));
        }
    }

    private static Ipv6 address6(String word, String text) {
        try {
            return Ipv6.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(word, String.valueOf(e.getMessage()));
        }
    }

    private static PublishedPort.Protocol protocol(String word, @Nullable String text) {
        if (text == null || text.equalsIgnoreCase("tcp")) {
            return PublishedPort.Protocol.TCP;
        }
        if (text.equalsIgnoreCase("udp")) {
            return PublishedPort.Protocol.UDP;
        }
        throw refused(word, "there are no ports of '" + text + "'");
    }

    private static InvalidRequest refused(String word, String why) {
        return new InvalidRequest("publish '" + word + "'", why, HINT);
    }
}
