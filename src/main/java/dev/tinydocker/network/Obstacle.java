package dev.tinydocker.network;

import dev.tinydocker.linux.LegacyFilter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chain of somebody else's that drops or refuses what no rule of its own takes: whatever our table says, each chain
 * of the packet filter has its say.
 *
 * @param table its family and name, as in {@code ip filter}
 * @param input whether it sees what is sent to this host; otherwise what is passed on
 * @param docker whether there is a chain beside it that Docker leaves to users
 * @param legacy whether it is one of iptables-legacy(8), which nft(8) does not list
 */
record Obstacle(String table, String chain, boolean input, boolean docker, boolean legacy) {

    private static final Pattern TABLE = Pattern.compile("(?ms)^table (\\S+ \\S+) \\{.*?^\\}");
    private static final Pattern CHAIN = Pattern.compile("(?ms)^\\tchain (\\S+) \\{[^\\n]*\\n(.*?)^\\t\\}$");
    private static final Pattern HOOK = Pattern
            .compile("type filter hook (forward|input) priority [^;]*; policy (accept|drop);");
    /** A rule that takes all that has come so far. */
    private static final Pattern END = Pattern
            .compile("(counter packets \\d+ bytes \\d+ )?(drop|reject( with [a-z0-9 -]+)?)( comment \".*\")?");
    /** What is sent to a network's name server is led to its port. */
    private static final String TAKES_OURS = "ct status dnat accept";
    private static final String DOCKERS = "\tchain DOCKER-USER {";

    /** The tables that see what is passed on or sent to this host. @param chains what {@code list chains} prints */
    static List<String> tables(String chains) {
        return TABLE.matcher(chains).results().filter(table -> HOOK.matcher(table.group()).find())
                .map(table -> table.group(1)).toList();
    }

    /**
     * Those of one table that are in the way of a link's packets; a table that names the link has rules for it already.
     *
     * @param listing what {@code list table} prints
     */
    static List<Obstacle> of(String listing, String link) {
        List<Obstacle> found = new ArrayList<>();
        Matcher table = TABLE.matcher(listing);
        if (table.find() && !listing.contains('"' + link + '"')) {
            for (MatchResult chain : (Iterable<MatchResult>) CHAIN.matcher(listing).results()::iterator) {
                List<String> rules = chain.group(2).lines().map(String::strip).toList();
                Matcher hook = HOOK.matcher(chain.group(2));
                if (hook.find() && (hook.group(2).equals("drop") || END.matcher(rules.getLast()).matches())) {
                    boolean input = hook.group(1).equals("input");
                    if (!input || !rules.contains(TAKES_OURS)) {
                        found.add(new Obstacle(table.group(1), chain.group(1), input, listing.contains(DOCKERS),
                                false));
                    }
                }
            }
        }
        return found;
    }

    /** The same of what iptables-legacy(8) keeps. */
    static List<Obstacle> of(LegacyFilter filter, boolean ipv6) {
        List<Obstacle> found = new ArrayList<>();
        String table = ipv6 ? "ip6 filter" : "ip filter";
        if (filter.closedInput() && !filter.knowsLink()) {
            found.add(new Obstacle(table, "INPUT", true, filter.docker(), true));
        }
        if (filter.closedForward() && !filter.knowsLink()) {
            found.add(new Obstacle(table, "FORWARD", false, filter.docker(), true));
        }
        return found;
    }

    /** Whether it sees no other packets than those of IPv6. */
    boolean isIpv6() {
        return table.startsWith("ip6 ");
    }

    /** What is in the way of a link, and the commands that let it through. */
    String notice(String link) {
        return "the packet filter's chain '" + table + " " + chain + "'" + (legacy ? " of iptables-legacy" : "")
                + " drops what no rule of its own takes: "
                + (input ? "containers find no names" : "containers reach neither other hosts nor, perhaps, each other")
                + "; let '" + link + "' through with: " + remedy(link);
    }

    private String remedy(String link) {
        if (table.endsWith(" firewalld")) {
            return "firewall-cmd --zone=trusted --add-interface=" + link + " # and again with --permanent";
        }
        if (table.equals("ip filter") || table.equals("ip6 filter")) {
            String insert = (isIpv6() ? "ip6tables" : "iptables") + (legacy ? "-legacy" : "") + " -I ";
            return input ? insert + chain + " -i " + link + " -m conntrack --ctstate DNAT -j ACCEPT"
                    : both(insert + (docker ? "DOCKER-USER" : chain), " -i ", " -o ", link + " -j ACCEPT");
        }
        String insert = "nft insert rule " + table + " " + chain;
        return input ? insert + " iifname " + link + " ct status dnat accept"
                : both(insert, " iifname ", " oifname ", link + " accept");
    }

    private static String both(String insert, String in, String out, String rest) {
        return insert + in + rest + " && " + insert + out + rest;
    }
}
