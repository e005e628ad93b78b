package dev.tinydocker.explain;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The links, addresses and routes of a process's network namespace, from the files below /proc/PID/net, proc(5): they
 * tell of it without going into it.
 */
final class NetworkStack {

    private static final int HEADINGS = 2;
    private static final Pattern LEAF = Pattern.compile("\\|-- (\\S+)");
    private static final String LOCAL = "/32 host LOCAL";
    private static final int FLAG_UP = 1;
    private static final int LO_PREFIX = 8;
    private static final int WHOLE = 32;
    /** The link of an address to which no route of neighbours belongs. */
    private static final String UNTOLD = "?";

    private NetworkStack() {
    }

    /** @param mask how many bits of the destination count */
    private record Line(String link, long destination, long gateway, int mask) {

        boolean isNeighbours() {
            return gateway == 0 && mask > 0;
        }

        boolean has(long address) {
            return mask == 0 || (address ^ destination) >>> 32 - mask == 0;
        }
    }

    /** Names of links, each with its addresses and the lengths of their prefixes. */
    static Map<String, List<String>> links(ProcFiles process) {
        Map<String, List<String>> links = new LinkedHashMap<>();
        process.lines("net/dev").stream().skip(HEADINGS).filter(line -> line.contains(":"))
                .forEach(line -> links.put(line.substring(0, line.indexOf(':')).strip(), new ArrayList<>()));
        List<Line> lines = lines(process);
        for (String address : local(process.text("net/fib_trie"))) {
            long bits = Integer.toUnsignedLong(Ipv4.parse(address).bits());
            Line line = lines.stream().filter(each -> each.isNeighbours() && each.has(bits)).findFirst().orElse(null);
            boolean lo = address.startsWith("127.");
            links.computeIfAbsent(line != null ? line.link : lo ? "lo" : UNTOLD, _ -> new ArrayList<>())
                    .add(address + "/" + (line != null ? line.mask : lo ? LO_PREFIX : WHOLE));
        }
        process.lines("net/if_inet6").stream().map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 5).forEach(words -> links.computeIfPresent(words[5],
                        (_, addresses) -> {
                            addresses.add(ipv6(words[0]) + "/" + Integer.parseInt(words[2], 16));
                            return addresses;
                        }));
        return links;
    }

    /** The main table of IPv4, and the ways to everywhere else of IPv6. */
    static List<Anatomy.Route> routes(ProcFiles process) {
        List<Anatomy.Route> routes = new ArrayList<>();
        for (Line line : lines(process)) {
            routes.add(new Anatomy.Route(line.mask == 0 ? "default" : ipv4(line.destination) + "/" + line.mask,
                    line.gateway == 0 ? "" : ipv4(line.gateway), line.link));
        }
        process.lines("net/ipv6_route").stream().map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 9 && words[1].equals("00") && !words[9].equals("lo")
                        && !words[4].equals("0".repeat(32)))
                .forEach(words -> routes.add(new Anatomy.Route("default", ipv6(words[4]), words[9])));
        return routes;
    }

    private static List<Line> lines(ProcFiles process) {
        return process.lines("net/route").stream().skip(1).map(line -> line.split("\\s+"))
                .filter(words -> words.length > 7 && (Integer.parseInt(words[3], 16) & FLAG_UP) != 0)
                .map(words -> new Line(words[0], swapped(words[1]), swapped(words[2]),
                        Integer.bitCount((int) Long.parseLong(words[7], 16)))).toList();
    }

    /** The host's own addresses: a leaf whose next line says so. Each is there twice. */
    private static List<String> local(String trie) {
        List<String> found = new ArrayList<>();
        String leaf = "";
        for (String line : (Iterable<String>) trie.lines()::iterator) {
            Matcher matcher = LEAF.matcher(line);
            if (matcher.find()) {
                leaf = matcher.group(1);
            } else if (line.strip().equals(LOCAL) && !found.contains(leaf)) {
                found.add(leaf);
            }
        }
        return found;
    }

    /** Addresses are written as the number that their bytes in memory are. */
    private static long swapped(String word) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) Long.parseLong(word, 16)));
    }

    private static String ipv4(long bits) {
        return new Ipv4((int) bits).toString();
    }

    private static String ipv6(String digits) {
        int half = digits.length() / 2;
        return new Ipv6(Long.parseUnsignedLong(digits.substring(0, half), 16),
                Long.parseUnsignedLong(digits.substring(half), 16)).toString();
    }
}
