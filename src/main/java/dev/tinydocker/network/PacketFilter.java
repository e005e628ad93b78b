package dev.tinydocker.network;

import dev.tinydocker.linux.Nftables;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** This engine's table in the packet filter. Used on the {@link NetworkThread} only. */
@Component
class PacketFilter implements AutoCloseable {

    private static final String IP_FORWARD = "net.ipv4.ip_forward";
    private static final String IPV6_FORWARD = "net.ipv6.conf.all.forwarding";

    private final NetworkSettings settings;
    private @Nullable Nftables nftables;

    PacketFilter(NetworkSettings settings) {
        this.settings = settings;
    }

    /**
     * Puts the table for these networks in the place of the one there is; none for none.
     *
     * @param servers what containers alone are led to
     */
    void replace(List<Network> networks, List<Forward> forwards, List<Forward> servers) {
        String table = settings.bridge();
        try {
            nftables().run(networks.isEmpty() ? Ruleset.remove(table)
                    : Ruleset.replace(table, networks, forwards, servers));
        } catch (NftablesException e) {
            throw new SystemFailure("set up the packet filter's table '" + table + "'",
                    String.valueOf(e.getMessage()),
                    "use a kernel that has CONFIG_NF_TABLES_INET and CONFIG_NFT_NAT, or --net none", e);
        }
    }

    /** @throws NftablesException where one leads elsewhere already, or there is no table any more */
    void publish(List<Forward> forwards) {
        nftables().run(Ruleset.publish(settings.bridge(), forwards));
    }

    /** The reverse. @throws NftablesException where one leads nowhere, or there is no table any more */
    void unpublish(List<Forward> forwards) {
        nftables().run(Ruleset.unpublish(settings.bridge(), forwards));
    }

    /**
     * Lets this host pass packets on.
     *
     * @return what the user should know of it, a line each
     */
    List<String> notices(Network network) {
        List<String> notices = new ArrayList<>();
        if (Sysctl.get(IP_FORWARD).equals("0")) {
            Sysctl.set(IP_FORWARD, "1");
            notices.add(IP_FORWARD + " was 0: set to 1, so that containers reach other hosts");
        }
        if (network.pool6() != null) {
            forward6(notices);
        }
        for (String chain : Ruleset.dropping(nftables().run("list chains"))) {
            notices.add("the packet filter's chain '" + chain + "' drops what no rule of its own takes; where "
                    + "containers do not reach other hosts, let '" + network.link()
                    + "' through there, both in and out");
        }
        return notices;
    }

    /** A host that passes packets on takes no routes of others, unless it is told to. */
    private static void forward6(List<String> notices) {
        if (!Sysctl.get(IPV6_FORWARD).equals("0")) {
            return;
        }
        List<String> learning = new ArrayList<>();
        for (String link : Sysctl.names("net/ipv6/conf")) {
            String setting = "net/ipv6/conf/" + link + "/accept_ra";
            if (!link.equals("lo") && Sysctl.value(setting).equals("1")) {
                Sysctl.set(setting, "2");
                learning.add(link);
            }
        }
        Sysctl.set(IPV6_FORWARD, "1");
        notices.add(IPV6_FORWARD + " was 0: set to 1, so that containers reach other hosts" + (learning.isEmpty() ? ""
                : "; accept_ra of " + String.join(", ", learning) + " was 1: set to 2, so that routes are learnt on"));
    }

    private Nftables nftables() {
        if (nftables == null) {
            nftables = Nftables.open();
        }
        return Objects.requireNonNull(nftables);
    }

    @Override
    public void close() {
        if (nftables != null) {
            nftables.close();
        }
    }
}
