package dev.tinydocker.network;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one table of this engine in the packet filter, as nft(8) reads it. Its rules look things up in sets: a container
 * more makes no rule more.
 */
final class Ruleset {

    private static final Pattern ELEMENT = Pattern.compile("elements = \\{([^}]*)\\}");

    /** What is the same whatever networks there are. */
    private static final String RULES = """
            table inet %1$s {
                set bridges {
                    type ifname
                }
                set neighbours {
                    type ifname . ifname
                }
                set internal {
                    type ifname
                }
                set subnets {
                    type ipv4_addr
                    flags interval
                }
                set subnets6 {
                    type ipv6_addr
                    flags interval
                }
                map ports {
                    type inet_proto . inet_service : ipv4_addr . inet_service
                }
                map ports6 {
                    type inet_proto . inet_service : ipv6_addr . inet_service
                }
                map ports_of_address {
                    type inet_proto . ipv4_addr . inet_service : ipv4_addr . inet_service
                }
                map ports_of_address6 {
                    type inet_proto . ipv6_addr . inet_service : ipv6_addr . inet_service
                }
                map name_servers {
                    type inet_proto . ipv4_addr . inet_service : ipv4_addr . inet_service
                }
                chain guard {
                    type filter hook prerouting priority raw; policy accept;
                    ip daddr 127.0.0.0/8 iifname @bridges drop
                }
                chain prerouting {
                    type nat hook prerouting priority dstnat; policy accept;
                    iifname @bridges meta nfproto ipv4 dnat ip to meta l4proto . ip daddr . th dport map @name_servers
                    ip daddr 127.0.0.0/8 return
                    fib daddr type local jump publish
                }
                chain output {
                    type nat hook output priority -100; policy accept;
                    ip6 daddr ::1 return
                    fib daddr type local jump publish
                }
                chain publish {
                    meta nfproto ipv4 dnat ip to meta l4proto . ip daddr . th dport map @ports_of_address
                    meta nfproto ipv4 dnat ip to meta l4proto . th dport map @ports
                    meta nfproto ipv6 dnat ip6 to meta l4proto . ip6 daddr . th dport map @ports_of_address6
                    meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @ports6
                }
                chain input {
                    type filter hook input priority filter; policy accept;
                    iifname @internal fib daddr . iif type unicast drop
                }
                chain forward {
                    type filter hook forward priority filter; policy accept;
                    ct state established,related accept
                    iifname . oifname @neighbours accept
                    iifname @internal drop
                    oifname @internal drop
                    ct status dnat accept
                    oifname @bridges drop
                }
                chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr @subnets oifname != @bridges masquerade
                    ip saddr @subnets oifname @bridges ct status dnat masquerade
                    ip saddr 127.0.0.0/8 oifname @bridges masquerade
                    ip6 saddr @subnets6 oifname != @bridges masquerade
                    ip6 saddr @subnets6 oifname @bridges ct status dnat masquerade
                }
            }
            """;

    private Ruleset() {
    }

    /**
     * Puts the table in the place of the one there is, in one transaction.
     *
     * @param servers what containers alone are led to
     */
    static String replace(String table, List<Network> networks, List<Forward> forwards, List<Forward> servers) {
        return remove(table) + RULES.formatted(table) + networks.stream()
                .map(network -> elements(table, network)).collect(Collectors.joining()) + publish(table, forwards)
                + servers.stream().map(server -> add(table, "name_servers", key(server) + " : " + value(server)))
                        .collect(Collectors.joining());
    }

    /** Whether none of the rules is missing. @param listing what {@code list table} prints */
    static boolean isWhole(String listing) {
        return rules(listing) >= rules(RULES);
    }

    /** How many rules there are: a line of a chain is one, but for the first, which says when it is asked. */
    private static long rules(String listing) {
        long count = 0;
        boolean chain = false;
        for (String line : listing.lines().map(String::strip).toList()) {
            if (line.startsWith("chain ") || line.equals("}")) {
                chain = line.startsWith("chain ");
            } else if (chain && !line.startsWith("type ")) {
                count++;
            }
        }
        return count;
    }

    private static String elements(String table, Network network) {
        String link = "\"" + network.link() + "\"";
        Pool6 pool6 = network.pool6();
        return add(table, "bridges", link) + add(table, "neighbours", link + " . " + link)
                + (network.internal() ? add(table, "internal", link) : "")
                + add(table, "subnets", network.addresses().subnet())
                + (pool6 == null ? "" : add(table, "subnets6", pool6.subnet()));
    }

    private static String add(String table, String set, Object element) {
        return "add element inet " + table + " " + set + " { " + element + " }\n";
    }

    /** Leads ports of the host to containers. */
    static String publish(String table, List<Forward> forwards) {
        StringBuilder commands = new StringBuilder();
        for (Forward forward : forwards) {
            commands.append(add(table, map(forward), key(forward) + " : " + value(forward)));
        }
        return commands.toString();
    }

    /** The reverse; one that leads nowhere is a mistake. */
    static String unpublish(String table, List<Forward> forwards) {
        StringBuilder commands = new StringBuilder();
        for (Forward forward : forwards) {
            commands.append(delete(table, map(forward), key(forward)));
        }
        return commands.toString();
    }

    private static String delete(String table, String set, String element) {
        return "delete element inet " + table + " " + set + " { " + element + " }\n";
    }

    private static String map(Forward forward) {
        return map(forward.port());
    }

    /** The map that a port is in. */
    static String map(PublishedPort port) {
        return (port.isOfAll() ? "ports" : "ports_of_address") + (port.isOfIpv6() ? "6" : "");
    }

    /** Asks for one port. */
    static String get(String table, PublishedPort port) {
        return "get element inet " + table + " " + map(port) + " { " + key(port) + " }\n";
    }

    /** The answer to that: what is between the braces; empty where there is nothing. */
    static String element(String answer) {
        Matcher found = ELEMENT.matcher(answer);
        return found.find() ? found.group(1).strip() : "";
    }

    private static String value(Forward forward) {
        return forward.inside() + " . " + forward.port().containerPort();
    }

    private static String key(Forward forward) {
        return key(forward.port());
    }

    private static String key(PublishedPort port) {
        String address = port.isOfAll() ? "" : port.host() + " . ";
        return port.protocol().word() + " . " + address + port.hostPort();
    }

    /** Removes the table; one that is not there is no mistake. */
    static String remove(String table) {
        // 'destroy' would do, but came with nft 1.0.7 and Linux 6.3.
        return "add table inet " + table + "\ndelete table inet " + table + "\n";
    }
}
