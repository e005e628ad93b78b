package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.network.Driver;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkParser;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.Networks;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OutsideHost;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What containers and hosts next to this one try, and what stands between containers and the world. */
class NetworkWallsKernelIT extends NetworkedEngine {

    /** One packet of a router's, from Perl, which every Debian has: RFC 4861, 4.2. */
    private static final String ADVERTISE = "use Socket; socket(S, AF_INET6, SOCK_RAW, 58) or die $!;"
            + "setsockopt(S, 41, 18, pack('i', 255)) or die $!;"
            + "send(S, pack('CCnCCnNN', 134, 0, 0, 64, 0, 1800, 0, 0), 0, "
            + "pack_sockaddr_in6(0, Socket::inet_pton(AF_INET6, 'ff02::1'), $ARGV[0])) or die $!";

    private final List<String> notices = new ArrayList<>();
    private String bridge;

    @BeforeEach
    void nameTheBridge() {
        bridge = EngineRooms.bridge(root);
    }

    @ParameterizedTest
    @ValueSource(strings = { "isolated", "six" })
    void thisHostTakesNoRouteFromAContainer(String network) throws IOException {
        NetworkParser six = new NetworkParser("six", Driver.BRIDGE);
        context.getBean(Networks.class).create(six.wish(false, true));
        server(network);
        String link = containers.leases("web").getFirst().network().link();
        inside("web", "sh", "-c", "ip -6 addr show dev eth0 | grep -q fe80: || ip -6 addr add fe80::7/64 dev eth0 nodad");
        advertise();
        assertThat(Commands.run("ip", "-6", "route", "show", "default", "dev", link)).isBlank();
        // It would, if it were left as the kernel has it on a host that takes routes.
        setting(link, "disable_ipv6", "0");
        setting(link, "accept_ra", "2");
        setting(link, "addr_gen_mode", "0");
        Awaitility.await().until(() -> {
            advertise();
            return !Commands.run("ip", "-6", "route", "show", "default", "dev", link).isBlank();
        });
    }

    private void advertise() throws IOException {
        inside("web", "sh", "-c", "perl -e \"$0\" $(ip -o link show eth0 | cut -d: -f1)", ADVERTISE);
    }

    private static void setting(String link, String name, String value) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv6/conf/" + link + "/" + name), value);
    }

    @Test
    void aPortOfThisHostsLoIsNotReachedFromTheNextHost() throws IOException {
        server("isolated", "127.0.0.1:18080:80");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isNotBlank();
        try (OutsideHost outside = new OutsideHost(Files.createDirectory(root.resolve("outside")))) {
            // There nothing is on lo, and all of that goes to this host.
            outside.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet");
            outside.run("ip", "route", "add", "127.0.0.1", "via", OutsideHost.OURS, "dev", "eth0");
            assertThat(outside.run(OutsideHost.ask("127.0.0.1", 18080))).isBlank();
            Commands.run("nft", "insert rule inet " + bridge + " prerouting fib daddr type local jump publish");
            assertThat(outside.run(OutsideHost.ask("127.0.0.1", 18080))).as("without the rule").isNotBlank();
        }
    }

    @Test
    void rulesThatSomebodyRemovesAreMadeAgainAtOnce() throws IOException {
        server("isolated", "18080:80");
        for (int i = 0; i < 3; i++) {
            Commands.run("nft", "delete", "table", "inet", bridge);
            Awaitility.await().until(() -> Commands.run("nft", "list", "ruleset").contains("table inet " + bridge));
        }
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isNotBlank();
        for (String all : List.of("table inet " + bridge, "chain inet " + bridge + " forward")) {
            Commands.run("nft", "flush " + all);
            Awaitility.await().until(() -> Commands.run("nft", "list", "table", "inet", bridge)
                    .contains("oifname @bridges drop"));
        }
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isNotBlank();
        String table = Commands.run("nft", "-a", "list", "table", "inet", bridge);
        Awaitility.await().during(Duration.ofMillis(500)).until(() ->
                Commands.run("nft", "-a", "list", "table", "inet", bridge).equals(table));
    }

    @ParameterizedTest
    @ValueSource(strings = { "policy drop;", "policy accept; iifname lo accept; reject with icmpx admin-prohibited;" })
    void whoseChainIsInTheWayIsSaidWithWhatHelps(String end) throws IOException {
        Commands.run("nft", "add table inet tdwall; add chain inet tdwall pass { type filter hook forward priority 10; "
                + end.replaceFirst(";.*", "; }") + Stream.of(end.split("; ?")).skip(1)
                .map(rule -> "; add rule inet tdwall pass " + rule).reduce("", String::concat));
        try (OutsideHost outside = new OutsideHost(Files.createDirectory(root.resolve("outside")))) {
            assertThat(outside.run("true")).isEmpty();
            server("isolated");
            assertThat(inside("web", OutsideHost.ask(OutsideHost.ADDRESS, 80))).isBlank();
            String notice = notices.stream().filter(line -> line.contains("'inet tdwall pass'")).findFirst()
                    .orElseThrow();
            Commands.run("sh", "-c", notice.replaceFirst(".* with: ", ""));
            assertThat(inside("web", OutsideHost.ask(OutsideHost.ADDRESS, 80))).isEqualTo(OutsideHost.OURS + "\n");
            containers.remove("web", true);
            close();
            notices.clear();
            open();
            server("isolated");
            assertThat(notices).as("once it is out of the way").noneMatch(line -> line.contains("tdwall"));
        } finally {
            Commands.run("nft", "delete table inet tdwall");
        }
    }

    private void server(String network, String... ports) {
        containers.run(spec("web", wish(network, ports), "httpd", "-f", "-p", "80", "-h", "/pages"), null, notices::add);
        String address = containers.leases("web").getFirst().address().toString();
        Awaitility.await().until(() -> Commands.run(OutsideHost.ask(address, 80)).contains("."));
    }

    private static NetworkWish wish(String network, String... ports) {
        return new NetworkWish(NetworkMode.ISOLATED, Stream.of(ports)
                .flatMap(port -> PortParser.publish(port).stream()).toList(), List.of(), false, NameWish.NONE,
                List.of(Endpoint.of(network)));
    }
}
