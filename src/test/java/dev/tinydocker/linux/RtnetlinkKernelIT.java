package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tinydocker.support.Commands;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Messages as this kernel takes them: a bridge on the host, and a network namespace that a process of ours holds. */
@Timeout(30)
class RtnetlinkKernelIT {

    private static final String BRIDGE = "tdtest0";
    private static final byte[] MAC = { 2, 0x74, (byte) 198, 51, 100, 2 };
    private static final byte[] BRIDGE_MAC = { 2, 0x74, (byte) 198, 51, 100, 1 };
    private static final Subnet SUBNET = Subnet.parse("198.51.100.0/24");
    private static final int PORT = 0x1234_5678;
    private static final int PEER = 16;

    private final Rtnetlink netlink = Rtnetlink.open();
    private Process there;

    @BeforeEach
    void makeANamespace() throws IOException {
        there = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec sleep 60").start();
        assertThat(there.inputReader().readLine()).isEqualTo("ready");
    }

    @AfterEach
    void close() throws InterruptedException {
        there.destroyForcibly().waitFor();
        netlink.link(BRIDGE).ifPresent(link -> netlink.send(RouteMessages.deleteLink(link.index())));
        netlink.close();
        Awaitility.await().until(() -> {
            try (Rtnetlink after = Rtnetlink.open()) {
                return after.links().stream().noneMatch(link -> link.name().startsWith("tdtest"));
            }
        });
    }

    private int bridge() {
        netlink.send(RouteMessages.newBridge(BRIDGE, BRIDGE_MAC, 1400));
        int index = netlink.link(BRIDGE).orElseThrow().index();
        netlink.send(RouteMessages.alias(BRIDGE, "of a test"), RouteMessages.withoutIpv6(index),
                RouteMessages.newAddress(index, Ipv4.parse("198.51.100.1"), SUBNET),
                RouteMessages.setUp(index));
        return index;
    }

    @Test
    void aBridgeIsMadeFoundAndRemoved() throws IOException {
        int index = bridge();
        assertThat(netlink.link(BRIDGE)).contains(new Link(index, BRIDGE, "bridge", "of a test", 1400, 0, true,
                HexFormat.ofDelimiter(":").formatHex(BRIDGE_MAC), 0, -1));
        assertThat(netlink.addresses()).contains(new LinkAddress(index, Ipv4.parse("198.51.100.1"), 24));
        assertThat(netlink.routes()).extracting(Route::destination).contains(SUBNET);
        assertThat(Commands.run("ip", "-6", "addr", "show", "dev", BRIDGE)).isBlank();
        netlink.send(RouteMessages.deleteLink(index));
        assertThat(netlink.link(BRIDGE)).isEmpty();
    }

    @Test
    void aVethIsWiredIntoAnotherNamespace() throws IOException {
        int bridge = bridge();
        try (NetworkNamespace namespace = NetworkNamespace.of((int) there.pid())) {
            netlink.send(RouteMessages.newVeth("tdtest1", PORT, bridge, 1400, namespace, "eth0", PEER, MAC),
                    RouteMessages.withoutIpv6(PORT), RouteMessages.setUp(PORT));
        }
        Link port = netlink.link("tdtest1").orElseThrow();
        assertThat(port.index()).isEqualTo(PORT);
        assertThat(port.kind()).isEqualTo("veth");
        assertThat(port.master()).isEqualTo(bridge);
        assertThat(port.up()).isTrue();
        assertThat(port.peer()).isEqualTo(PEER);
        assertThat(netlink.linksThere(port.peerNamespace())).extracting(Link::index, Link::name, Link::mac)
                .contains(tuple(PEER, "eth0", "02:74:c6:33:64:02"));
        assertThat(Commands.run("ip", "-d", "link", "show", "tdtest1")).contains("numtxqueues 1 ", "numrxqueues 1 ");
        assertThat(inside("ip", "-d", "link", "show", "eth0")).contains("numtxqueues 1 ", "numrxqueues 1 ");
        inside("ip", "addr", "add", "198.51.100.2/24", "dev", "eth0");
        inside("ip", "link", "set", "eth0", "up");
        // The kernel finds out that there is somebody at the other end beside whoever sets a link up.
        Awaitility.await().untilAsserted(() -> assertThat(inside("ip", "-o", "link", "show", "eth0")).contains("16: eth0@",
                "mtu 1400", "state UP", "02:74:c6:33:64:02", "link-netnsid 0"));
        inside("busybox", "ping", "-c", "1", "-W", "2", "198.51.100.1");
    }

    private String inside(String... command) throws IOException {
        return Commands.run(Stream.concat(Stream.of("nsenter", "--net=/proc/" + there.pid() + "/ns/net"),
                Stream.of(command)).toList());
    }

    @Test
    void whatFailsFirstIsNamedWithTheKernelsWords() {
        bridge();
        assertThatThrownBy(() -> netlink.send(RouteMessages.newBridge(BRIDGE, BRIDGE_MAC, 1400)))
                .isInstanceOfSatisfying(SyscallException.class,
                        e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
                .hasMessageStartingWith("rtnetlink to make the bridge tdtest0");
        assertThatThrownBy(() -> netlink.send(RouteMessages.setUp(1), RouteMessages.setUp(999_999),
                RouteMessages.deleteLink(999_998)))
                .hasMessageStartingWith("rtnetlink to set link 999999 up").hasMessageContaining("ENODEV");
        assertThat(netlink.link("lo").orElseThrow().up()).isTrue();
    }

    @Test
    void theNamespaceOfAProcessThatIsGoneIsNotThere() throws InterruptedException {
        there.destroyForcibly().waitFor();
        assertThatThrownBy(() -> NetworkNamespace.of((int) there.pid())).isInstanceOfSatisfying(SyscallException.class,
                e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }
}
