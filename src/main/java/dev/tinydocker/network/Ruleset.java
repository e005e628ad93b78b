package dev.tinydocker.network;

import dev.tinydocker.linux.Subnet;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one table of this engine in the packet filter, as nft(8) reads it. Its rules look things up in sets: a container
 * more makes no rule more.
 */
final class Ruleset {

    private static final Pattern TABLE = Pattern.compile("table (\\S+ \\S+) \\{");
    private static final Pattern CHAIN = Pattern.compile("chain (\\S+) \\{");
    private static final Pattern DROPS = Pattern.compile("type filter hook forward .* policy drop;");

    private Ruleset() {
    }

    /** Puts the table in the place of the one there is, in one transaction. */
    static String replace(String bridge, Subnet subnet) {
        return remove(bridge) + """
                table inet %1$s {
                    set bridges {
                        type ifname
                        elements = { "%1$s" }
                    }
                    set neighbours {
                        type ifname . ifname
                        elements = { "%1$s" . "%1$s" }
                    }
                    set subnets {
                        type ipv4_addr
                        flags interval
                        elements = { %2$s }
                    }
                    chain forward {
                        type filter hook forward priority filter; policy accept;
                        ct state established,related accept
                        iifname . oifname @neighbours accept
                        oifname @bridges drop
                    }
                    chain postrouting {
                        type nat hook postrouting priority srcnat; policy accept;
                        ip saddr @subnets oifname != @bridges masquerade
                    }
                }
                """.formatted(bridge, subnet);
    }

    /** Removes the table; one that is not there is no mistake. */
    static String remove(String bridge) {
        // 'destroy' would do, but came with nft 1.0.7 and Linux 6.3.
        return "add table inet " + bridge + "\ndelete table inet " + bridge + "\n";
    }

    /**
     * The chains of others, as in {@code ip filter FORWARD}, that drop what is forwarded unless a rule of theirs takes
     * it: whatever our own table says, each of them has its say.
     *
     * @param chains what {@code list chains} prints
     */
    static List<String> dropping(String chains) {
        String table = "";
        String chain = "";
        List<String> found = new ArrayList<>();
        for (String line : (Iterable<String>) chains.lines()::iterator) {
            Matcher inTable = TABLE.matcher(line);
            Matcher inChain = CHAIN.matcher(line);
            if (inTable.find()) {
                table = inTable.group(1);
            } else if (inChain.find()) {
                chain = inChain.group(1);
            } else if (DROPS.matcher(line).find()) {
                found.add(table + " " + chain);
            }
        }
        return found;
    }
}
