package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.problem.InvalidRequest;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a user asked of the names a container knows; empty is the host's.
 *
 * @param servers {@code --dns}
 * @param search {@code --dns-search}; a dot alone is none
 * @param options {@code --dns-option}
 * @param hosts {@code --add-host}
 */
public record NameWish(List<String> servers, List<String> search, List<String> options, List<Host> hosts) {

    public static final NameWish NONE = new NameWish(List.of(), List.of(), List.of(), List.of());

    /** As an address: the host's own in the container's network. */
    static final String GATEWAY = "host-gateway";

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[a-zA-Z0-9_.-]+)?");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?");
    private static final Pattern OPTION = Pattern.compile("[a-zA-Z0-9_-]+(:[0-9]+)?");

    /** A line of /etc/hosts. */
    public record Host(String name, String address) {

        /**
         * Reads {@code NAME:ADDRESS} or {@code NAME=ADDRESS}; the address may be {@code host-gateway}, one of
         * IPv6 in brackets.
         *
         * @throws InvalidRequest where it is neither
         */
        public static Host parse(String word) {
            int separator = word.indexOf('=') >= 0 ? word.indexOf('=') : word.indexOf(':');
            String name = separator < 0 ? word : word.substring(0, separator);
            String address = separator < 0 ? "" : word.substring(separator + 1).replaceFirst("^\\[(.*:.*)\\]$", "$1");
            if (!NAME.matcher(name).matches() || !address.equals(GATEWAY) && !isAddress(address)) {
                throw new InvalidRequest("add the host '" + word + "'", "it is no name with an address",
                        "write NAME:ADDRESS, as in db:192.0.2.7, or NAME:" + GATEWAY);
            }
            return new Host(name, address);
        }
    }

    /** Whether it says how many dots make a name that is looked up as it is. */
    boolean asksForDots() {
        return options.stream().anyMatch(option -> option.startsWith("ndots:"));
    }

    /** The same where others are asked, which ask those of this wish. */
    NameWish askedOf(List<String> others) {
        return new NameWish(others, search, options, hosts);
    }

    /** A name server's address. @throws InvalidRequest where it is none */
    public static String server(String word) {
        return checked(isAddress(word), word, "name server", "give its address, as in 192.0.2.53");
    }

    /** A domain to search. @throws InvalidRequest where it is none */
    public static String domain(String word) {
        return checked(word.equals(".") || NAME.matcher(word).matches(), word, "domain to search", "");
    }

    /** An option of resolv.conf(5). @throws InvalidRequest where it is none */
    public static String option(String word) {
        return checked(OPTION.matcher(word).matches(), word, "option of resolv.conf", "write it as in ndots:2");
    }

    private static String checked(boolean fine, String word, String kind, String hint) {
        if (!fine) {
            throw new InvalidRequest("use '" + word + "' as a " + kind, "it is none", hint);
        }
        return word;
    }

    private static boolean isAddress(String word) {
        try {
            Ipv4.parse(word);
            return true;
        } catch (IllegalArgumentException e) {
            return IPV6.matcher(word).matches();
        }
    }
}
