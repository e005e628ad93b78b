package dev.tinydocker.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.Subnet6;
import dev.tinydocker.network.names.Asker;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Two networks that users made, and the one that is always there. */
class NetworkNamesTests {

    private static final Network FRONT = network(1, "Front", "10.1.0.0/16", false);
    private static final Network BACK = network(2, "back", "10.2.0.0/16", true);
    private static final Network DEFAULT = network(3, Network.DEFAULT, "10.3.0.0/16", false);

    private final NetworkNames names = new NetworkNames();

    @Test
    void aContainerIsFoundByNameAliasAndShortIdOnItsNetworks() {
        names.join(id("a"), List.of(lease(FRONT, "a", "10.1.0.2", "Web", "www"), lease(BACK, "a", "10.2.0.2", "Web")),
                List.of());
        names.join(id("b"), List.of(lease(FRONT, "b", "10.1.0.3", "b", "www")), List.of());
        Asker asker = asker("10.1.0.1", "10.1.0.3");
        assertThat(names.addresses(asker, "web")).containsExactly(ip("10.1.0.2"));
        assertThat(names.addresses(asker, "a".repeat(12))).containsExactly(ip("10.1.0.2"));
        assertThat(names.addresses(asker, "www")).containsExactly(ip("10.1.0.2"), ip("10.1.0.3"));
        assertThat(names.addresses(asker, "web.front")).containsExactly(ip("10.1.0.2"));
        assertThat(names.addresses(asker, "web.back")).isEmpty();
        assertThat(names.addresses(asker, "www.example.org")).isEmpty();
        assertThat(names.name(asker, ip("10.1.0.2"))).contains("Web.Front");
        assertThat(names.name(asker, ip("10.2.0.2"))).isEmpty();
        assertThat(names.isInside(asker, ip("10.1.9.9"))).isTrue();
        assertThat(names.isInside(asker, ip("10.2.0.2"))).isFalse();
        assertThat(names.addresses(asker("10.2.0.1", "10.2.0.2"), "web"))
                .containsExactly(ip("10.1.0.2"), ip("10.2.0.2"));
    }

    @Test
    void whoIsGoneIsNotFound() {
        names.join(id("a"), List.of(lease(FRONT, "a", "10.1.0.2", "web", "www")), List.of());
        names.join(id("b"), List.of(lease(FRONT, "b", "10.1.0.3", "www")), List.of());
        names.leave(id("a"));
        names.leave(id("nobody"));
        Asker asker = asker("10.1.0.1", "10.1.0.3");
        assertThat(names.addresses(asker, "web")).isEmpty();
        assertThat(names.addresses(asker, "www")).containsExactly(ip("10.1.0.3"));
        names.leave(id("b"));
        assertThat(names.asker(ip("10.1.0.1"), ip("10.1.0.3"))).isEmpty();
    }

    @Test
    void strangersAreNobodyAndThisHostIsSomebody() {
        names.join(id("a"), List.of(lease(FRONT, "a", "10.1.0.2", "web")), List.of());
        names.join(id("b"), List.of(lease(BACK, "b", "10.2.0.2", "db")), List.of());
        assertThat(names.asker(ip("10.1.0.1"), ip("10.1.0.9"))).isEmpty();
        assertThat(names.asker(ip("10.1.0.1"), ip("10.2.0.2"))).as("of another network").isEmpty();
        assertThat(names.asker(ip("10.9.0.1"), ip("10.1.0.2"))).isEmpty();
        assertThat(names.addresses(asker("10.1.0.1", "10.1.0.1"), "web")).hasSize(1);
    }

    @Test
    void whoHasNoWayOutAsksNobodyOutside() {
        names.join(id("a"), List.of(lease(BACK, "a", "10.2.0.2", "db")), List.of("192.0.2.53", "fe80::1%nolink"));
        assertThat(asker("10.2.0.1", "10.2.0.2").outside()).isFalse();
        names.join(id("a"), List.of(lease(BACK, "a", "10.2.0.2", "db"), lease(DEFAULT, "a", "10.3.0.2", "db")),
                List.of("192.0.2.53", "fe80::1%nolink"));
        Asker asker = asker("10.2.0.1", "10.2.0.2");
        assertThat(asker.outside()).isTrue();
        assertThat(asker.servers()).extracting(server -> server.getAddress().getHostAddress())
                .containsExactly("192.0.2.53");
    }

    @Test
    void theDefaultNetworkHasNoNames() {
        names.join(id("a"), List.of(lease(DEFAULT, "a", "10.3.0.2", "db")), List.of());
        Asker asker = asker("10.3.0.1", "10.3.0.2");
        assertThat(asker.outside()).isTrue();
        assertThat(names.addresses(asker, "db")).isEmpty();
        assertThat(names.addresses(asker, "db.isolated")).isEmpty();
        assertThat(names.addresses(asker, "a".repeat(12))).isEmpty();
        assertThat(names.name(asker, ip("10.3.0.2"))).isEmpty();
    }

    @Test
    void bothAddressesAreKnown() {
        Lease lease = lease(FRONT, "a", "10.1.0.2", "web");
        names.join(id("a"), List.of(new Lease(FRONT, id("a"), 0, lease.address(), Ipv6.parse("fd01::2"), null, 1,
                lease.names())), List.of());
        Asker asker = asker("10.1.0.1", "10.1.0.2");
        assertThat(names.addresses(asker, "web")).containsExactly(ip("10.1.0.2"), ip("fd01::2"));
        assertThat(names.name(asker, ip("fd01::2"))).contains("web.Front");
        assertThat(names.isInside(asker, ip("fd01::77"))).isTrue();
        assertThat(names.isInside(asker, ip("fd02::77"))).isFalse();
    }

    private Asker asker(String server, String from) {
        return names.asker(ip(server), ip(from)).orElseThrow();
    }

    private static String id(String letter) {
        return letter.repeat(64);
    }

    private static InetAddress ip(String address) {
        return InetAddress.ofLiteral(address);
    }

    private static Lease lease(Network network, String letter, String address, String... names) {
        return new Lease(network, id(letter), 0, Ipv4.parse(address), null, null, 1, List.of(names));
    }

    private static Network network(long number, String name, String subnet, boolean internal) {
        return new Network(number, "f".repeat(64), name, Driver.BRIDGE, "tiny0", true, Pool.of(Subnet.parse(subnet)),
                Pool6.of(Subnet6.parse("fd0" + number + "::/64")), internal, Map.of(), Map.of(), Instant.EPOCH);
    }
}
