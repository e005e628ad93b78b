package dev.tinydocker.network;

import dev.tinydocker.linux.LegacyFilter;
import dev.tinydocker.linux.Nftables;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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
                    "run 'modprobe -a nf_tables nft_chain_nat nft_nat nft_masq nft_fib_inet nft_ct', or use a kernel "
                            + "that has these, or --net none", e);
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

    /** What leads on from a port, as in {@code tcp . 8080 : 172.20.0.2 . 80}. @throws NftablesException for nothing */
    String element(PublishedPort port) {
        return Ruleset.element(nftables().run(Ruleset.get(settings.bridge(), port)));
    }

    /** The rules that put this host's address in the place of a container's. @throws NftablesException for no table */
    List<String> masquerades() {
        return nftables().run("list chain " + table() + " postrouting").lines().map(String::strip)
                .filter(line -> line.endsWith("masquerade") && line.contains("@subnets ")
                        && line.contains("oifname !=")).toList();
    }

    /** Whether the table is there with all its rules. */
    boolean isWhole() {
        return TableWatch.isWhole(nftables(), settings.bridge());
    }

    String table() {
        return "inet " + settings.bridge();
    }

    /**
     * Lets this host pass packets on, and looks for what is in their way.
     *
     * @return what the user should know of it, a line each
     */
    List<String> notices(Network network) {
        List<String> notices = forward(network);
        obstacles(network.link()).filter(obstacle -> !obstacle.input() || NetworkNames.has(network))
                .filter(obstacle -> !obstacle.isIpv6() || network.pool6() != null)
                .forEach(obstacle -> notices.add(obstacle.notice(network.link())));
        return notices;
    }

    /** Lets this host pass packets on. @return what it has changed for that, a line each */
    List<String> forward(Network network) {
        List<String> notices = new ArrayList<>();
        if (Sysctl.get(IP_FORWARD).equals("0")) {
            Sysctl.set(IP_FORWARD, "1");
            notices.add(IP_FORWARD + " was 0: set to 1, so that containers reach other hosts");
        }
        if (network.pool6() != null) {
            forward6(notices);
        }
        return notices;
    }

    private Stream<Obstacle> obstacles(String link) {
        return Stream.concat(Obstacle.tables(nftables().run("list chains")).stream()
                .filter(table -> !table.equals(table())).flatMap(table -> Obstacle.of(list(table), link).stream()),
                Stream.of(false, true).flatMap(ipv6 -> LegacyFilter.read(ipv6, link).stream()
                        .flatMap(filter -> Obstacle.of(filter, ipv6).stream())));
    }

    private String list(String table) {
        try {
            return nftables().run("list table " + table);
        } catch (NftablesException e) {
            // Somebody has removed it meanwhile.
            return "";
        }
    }

    /** A host that passes packets on takes no routes of others, unless it is told to. */
    private static void forward6(List<String> notices) {
        if (!Sysctl.get(IPV6_FORWARD).equals("0")) {
            return;
        }
        List<String> learning = new ArrayList<>();
        for (String link : Sysctl.names("net/ipv6/conf")) {
            String setting = "net/ipv6/conf/" + link + "/accept_ra";
            boolean port = Files.exists(Path.of("/sys/class/net/" + link + "/brport"));
            if (!link.equals("lo") && !port && Sysctl.get(setting).equals("1")) {
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
