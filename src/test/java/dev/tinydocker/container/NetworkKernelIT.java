package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OutsideHost;
import dev.tinydocker.support.RecordingStdio;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Containers that are connected: to each other, to this host, to a host outside; and what is left of that. */
class NetworkKernelIT extends NetworkedEngine {

    /** A bridge without containers stays for 5 s. */
    private static final Duration WHILE = Duration.ofSeconds(30);

    private final List<String> notices = new ArrayList<>();
    private String bridge;

    @BeforeEach
    void nameTheBridge() {
        bridge = EngineRooms.bridge(root);
    }

    @Test
    void aContainerHasAnAddressARouteAndItsOwnName() {
        String[] seen = run("sh", "-c", "ip -4 -o addr show eth0; ip route; grep $(hostname) /etc/hosts; ip -6 addr show eth0")
                .split("\n");
        assertThat(seen[0]).matches("\\d+: eth0 +inet \\d+(\\.\\d+){3}/\\d+ brd .*");
        String address = seen[0].replaceFirst(".*inet ([0-9.]+)/.*", "$1");
        assertThat(seen[1]).matches("default via \\d+(\\.\\d+){3} dev eth0 ?");
        assertThat(seen[2]).endsWith("src " + address + " ");
        assertThat(seen[3]).startsWith(address + "\t");
        assertThat(seen).hasSize(4);
    }

    @Test
    void containersReachEachOtherAndTheHostReachesThem() throws IOException {
        String server = server("web");
        assertThat(run(OutsideHost.ask(server, 80))).matches("\\d+(\\.\\d+){3}\n").isNotIn(server + "\n",
                gateway() + "\n");
        assertThat(Commands.run(OutsideHost.ask(server, 80))).isEqualTo(gateway() + "\n");
    }

    @Test
    void whatTheyAskOfOtherHostsComesFromThisOneAndNobodyOutsideReachesThem() throws IOException {
        String server = server("web");
        try (OutsideHost outside = new OutsideHost(Files.createDirectory(root.resolve("outside")))) {
            assertThat(run(OutsideHost.ask(OutsideHost.ADDRESS, 80))).isEqualTo(OutsideHost.OURS + "\n");
            outside.run("ip", "route", "add", "default", "via", OutsideHost.OURS);
            outside.run("busybox", "ping", "-c", "1", "-W", "2", gateway());
            assertThat(outside.run(OutsideHost.ask(server, 80))).doesNotContain(".");
        }
    }

    @Test
    void everyContainerHasAnAddressOfItsOwnAndGivesItBack() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            addresses.add(server("web" + i));
        }
        assertThat(addresses).doesNotHaveDuplicates();
        assertThat(leases()).containsExactlyInAnyOrderElementsOf(addresses);
        containers.remove("web0", true);
        assertThat(leases()).doesNotContain(addresses.getFirst()).hasSize(4);
    }

    @Test
    void aFurtherProcessIsInTheSameNetwork() {
        String server = server("web");
        assertThat(exec("web", "hostname", "-i").strip()).isEqualTo(server);
    }

    @Test
    void aStartThatFailsLeavesNoLease() {
        assertThatThrownBy(() -> run("nonesuch")).isInstanceOf(CannotExecute.class);
        assertThat(leases()).isEmpty();
        assertThat(run("echo", "fine")).isEqualTo("fine\n");
    }

    @Test
    void aLinkOfThatNameThatIsSomebodyElsesIsLeftAlone() throws IOException {
        Commands.run("ip", "link", "add", bridge, "type", "bridge");
        try {
            assertThatThrownBy(() -> run("true")).isInstanceOf(Conflict.class)
                    .hasMessage("cannot make the bridge '" + bridge + "': there is a link of that name, which "
                            + "belongs to somebody else");
            assertThat(containers.list()).isEmpty();
        } finally {
            Commands.run("ip", "link", "delete", bridge);
        }
    }

    @Test
    void aBridgeThatSomebodyRemovedIsMadeAgain() throws IOException {
        run("true");
        Commands.run("ip", "link", "delete", bridge);
        String server = server("web");
        Commands.run("busybox", "ping", "-c", "1", "-W", "2", server);
    }

    @Test
    void whoWasConnectedToOneThatSomebodyRemovedReachesItsOwnPortAgain() throws IOException {
        server("web", "18080:80");
        assertThat(exec("web", OutsideHost.ask(gateway(), 18080))).isNotBlank();
        Commands.run("ip", "link", "delete", bridge);
        run("true");
        assertThat(exec("web", OutsideHost.ask(gateway(), 18080))).isNotBlank();
    }

    @Test
    void theNextEngineFindsWhatTheLastOneLeftAndRepairsIt() throws IOException {
        String server = server("web");
        leaveToTheNextEngine();
        Commands.run("busybox", "ping", "-c", "1", "-W", "2", server);
        Commands.run("ip", "link", "delete", bridge);
        Commands.run("nft", "delete", "table", "inet", bridge);
        Sysctl.set("net.ipv4.ip_forward", "0");
        open();
        context.getBean(Reconciler.class).reconcile();
        assertThat(Sysctl.get("net.ipv4.ip_forward")).isEqualTo("1");
        Commands.run("busybox", "ping", "-c", "1", "-W", "2", server);
        assertThat(run("ping", "-c", "1", "-W", "2", server)).contains("1 packets received");
        assertThat(Commands.run("nft", "list", "table", "inet", bridge)).contains("masquerade");
    }

    @Test
    void aBridgeThatNobodyNeedsGoesWhenTheNextEngineStarts() throws IOException {
        server("web");
        leaveToTheNextEngine();
        int shim = left.getFirst();
        assertThat(Processes.kill(shim, 9)).isTrue();
        open();
        context.getBean(Reconciler.class).reconcile();
        Awaitility.await().until(() -> leases().isEmpty());
        Awaitility.await().atMost(WHILE).until(() -> !Files.exists(Path.of("/sys/class/net/" + bridge)));
    }

    @Test
    void whatOneThatHasEndedDidNotGiveBackTheNextEngineDoes() {
        containers.run(spec("done", false, wish(), "true"), new RecordingStdio(), notices::add).status().join();
        Awaitility.await().until(() -> leases().isEmpty());
        // As a kill between the record of its end and all that follows leaves it.
        context.getBean(JdbcTemplate.class).update("INSERT INTO lease (network_id, address, link, container_id, position, "
                + "aliases) SELECT number, '172.20.0.99', 16777300, ?, 0, '[]' FROM network WHERE name = 'isolated'",
                containers.inspect("done").id());
        close();
        open();
        assertThat(leases()).hasSize(1);
        context.getBean(Reconciler.class).reconcile();
        assertThat(leases()).isEmpty();
    }

    @Test
    @Timeout(240)
    void aThousandStartsLeaveWhatThereWas() throws Exception {
        List<String> links = links();
        run("true");
        String rules = Commands.run("nft", "list", "ruleset");
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            List<Future<?>> halves = List.of(two.submit(() -> startOften(wish("18080:80", "18081:81/udp"))),
                    two.submit(() -> startOften(wish("18082:80", "18083:81/udp"))));
            for (Future<?> half : halves) {
                half.get();
            }
        }
        Awaitility.await().until(() -> leases().isEmpty() && count("published_port") == 0);
        // The bridge stays for a while, and its rules with it.
        assertThat(Commands.run("nft", "list", "ruleset")).isEqualTo(rules);
        Awaitility.await().atMost(WHILE).untilAsserted(() -> assertThat(links()).isEqualTo(links));
    }

    private void startOften(NetworkWish published) {
        for (int i = 0; i < 500; i++) {
            containers.run(spec(null, true, i % 2 == 0 ? wish() : published, "true"), new RecordingStdio(), _ -> { })
                    .status().join();
        }
    }

    private static List<String> links() throws IOException {
        // ip(8) says in a line of its own when links went while it listed them.
        return Commands.run("ip", "-o", "link").lines().filter(line -> line.contains(": "))
                .map(line -> line.split(": ")[1]).toList();
    }

    @Test
    void aPublishedPortIsReachedFromAllSides() throws IOException {
        String server = server("web", "18080:80");
        assertThat(containers.ports("web")).extracting(PublishedPort::toString)
                .containsExactly("0.0.0.0:18080->80/tcp");
        try (OutsideHost outside = new OutsideHost(Files.createDirectory(root.resolve("outside")))) {
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).as("from outside")
                    .isEqualTo(OutsideHost.ADDRESS + "\n");
            assertThat(Commands.run(OutsideHost.ask(OutsideHost.OURS, 18080))).as("from this host").isNotBlank();
            assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).as("from lo").isEqualTo(gateway() + "\n");
            assertThat(run(OutsideHost.ask(OutsideHost.OURS, 18080))).as("from a container")
                    .isEqualTo(gateway() + "\n");
            assertThat(exec("web", OutsideHost.ask(gateway(), 18080))).as("from itself").isEqualTo(gateway() + "\n");
            outside.run("ip", "route", "add", "default", "via", OutsideHost.OURS);
            assertThat(outside.run(OutsideHost.ask(server, 80))).as("past the port").isBlank();
        }
        containers.remove("web", true);
        assertThat(count("published_port")).isZero();
        assertThat(Commands.run("nft", "list", "map", "inet", bridge, "ports")).doesNotContain("18080");
    }

    @Test
    void aPortOfOneAddressIsNotOneOfTheOthers() throws IOException {
        server("web", "127.0.0.1:18080:80");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isEqualTo(gateway() + "\n");
        assertThat(Commands.run(OutsideHost.ask(gateway(), 18080))).isBlank();
        server("other", "127.0.0.2:18080:80");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.2", 18080))).isEqualTo(gateway() + "\n");
    }

    @Test
    void datagramsAreLedOnFromAllSides() throws IOException {
        server("web", "18080-18081:7-8/udp");
        server("other");
        Process echo = echo("web");
        try (OutsideHost outside = new OutsideHost(Files.createDirectory(root.resolve("outside")))) {
            Awaitility.await().until(() -> Commands.run(datagram("127.0.0.1")).equals("ping\n"));
            assertThat(Commands.run(datagram(OutsideHost.OURS))).as("from this host").isEqualTo("ping\n");
            assertThat(outside.run(datagram(OutsideHost.OURS))).as("from outside").isEqualTo("ping\n");
            assertThat(inside("other", datagram(OutsideHost.OURS))).as("from a container").isEqualTo("ping\n");
            assertThat(inside("web", datagram(gateway()))).as("from itself").isEqualTo("ping\n");
        } finally {
            echo.destroyForcibly();
        }
    }

    /** The command that prints what comes back from port 18080. */
    private static String[] datagram(String address) {
        return new String[] { "bash", "-c",
                "exec 3<>/dev/udp/$0/18080; echo ping >&3; timeout 2 head -n 1 <&3 || true", address };
    }

    @Test
    void datagramsThatGoOnFindTheNextContainerThatHasThePort() throws IOException {
        datagramsGoOn("127.0.0.1", name -> server(name, "18080:7/udp"));
    }

    @Test
    void whatListensOnThisHostsLoIsNotReachedByWayOfTheBridge() throws IOException {
        OutsideHost.pages(Files.createDirectory(root.resolve("own")));
        Process own = new ProcessBuilder("busybox", "httpd", "-f", "-p", "127.0.0.1:18083", "-h",
                root.resolve("own").toString()).start();
        try {
            server("web");
            Awaitility.await().until(() -> Commands.run(OutsideHost.ask("127.0.0.1", 18083)).contains("127.0.0.1"));
            // With more privileges than a container has: nothing of its own is on lo, and all of that goes to the
            // bridge.
            inside("web", "ip", "addr", "flush", "dev", "lo");
            inside("web", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet");
            inside("web", "ip", "route", "add", "127.0.0.1", "via", gateway(), "dev", "eth0");
            assertThat(inside("web", OutsideHost.ask("127.0.0.1", 18083))).isBlank();
            // One that is removed comes back at once.
            Commands.run("nft", "insert", "rule", "inet", bridge, "guard", "accept");
            assertThat(inside("web", OutsideHost.ask("127.0.0.1", 18083))).as("without the guard").isNotBlank();
        } finally {
            own.destroyForcibly();
        }
    }

    @Test
    void aPortThatAnybodyHasIsRefusedAndNothingIsLeft() throws IOException {
        server("web", "18080:80");
        assertThatThrownBy(() -> server("other", "18080:80")).isInstanceOf(Conflict.class)
                .hasMessageStartingWith("cannot publish the port 0.0.0.0:18080 of this host: the container '");
        assertThatThrownBy(() -> server("other", "127.0.0.1:18080:80")).isInstanceOf(Conflict.class);
        try (ServerSocket taken = new ServerSocket(18081)) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(() -> server("other", "18082:82", "18081:81")).isInstanceOf(Conflict.class)
                    .hasMessageContaining("Address already in use");
        }
        assertThatThrownBy(() -> server("other", "192.0.2.77:18080:80")).isInstanceOf(Conflict.class)
                .hasMessageContaining("assign requested address");
        assertThat(containers.list()).hasSize(1);
        assertThat(count("published_port")).isEqualTo(1);
        server("other", "18082:80");
        assertThatThrownBy(() -> new ServerSocket(18082)).isInstanceOf(BindException.class);
        containers.remove("other", true);
        new ServerSocket(18082).close();
    }

    @Test
    void aPortOfAContainerThatHasJustEndedIsFree() {
        for (int i = 0; i < 10; i++) {
            containers.run(spec(null, true, wish("18080:80"), "true"), new RecordingStdio(), notices::add)
                    .status().join();
        }
    }

    @Test
    void publishedPortsOutliveTheEngine() throws IOException {
        server("web", "18080:80", "81");
        int any = containers.ports("web").getLast().hostPort();
        assertThat(any).isGreaterThan(1023);
        leaveToTheNextEngine();
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isNotBlank();
        open();
        context.getBean(Reconciler.class).reconcile();
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isEqualTo(gateway() + "\n");
        assertThatThrownBy(() -> new ServerSocket(18080)).isInstanceOf(BindException.class);
        Commands.run("nft", "delete", "table", "inet", bridge);
        server("other", "18082:80");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isNotBlank();
        Commands.run("nft", "flush", "map", "inet", bridge, "ports");
        containers.remove("web", true);
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18082))).isNotBlank();
    }

    private static NetworkWish wish(String... ports) {
        return new NetworkWish(NetworkMode.ISOLATED, Stream.of(ports)
                .flatMap(port -> PortParser.publish(port).stream()).toList(), List.of(), false,
                NameWish.NONE, null);
    }

    private String server(String name, String... ports) {
        containers.run(spec(name, false, wish(ports), "httpd", "-f", "-p", "80", "-h", "/pages"), null, notices::add);
        String address = context.getBean(JdbcTemplate.class).queryForObject(
                "SELECT address FROM lease WHERE container_id = ?", String.class, containers.inspect(name).id());
        Awaitility.await().until(() -> Commands.run(OutsideHost.ask(address, 80)).contains("."));
        return Objects.requireNonNull(address);
    }

    private String gateway() throws IOException {
        return Commands.run("ip", "-4", "-o", "addr", "show", bridge).replaceFirst("(?s).*inet ([0-9.]+)/.*", "$1");
    }

    private List<String> leases() {
        return context.getBean(JdbcTemplate.class).queryForList("SELECT address FROM lease", String.class);
    }

    private String run(String... command) {
        RecordingStdio user = new RecordingStdio();
        containers.run(spec(null, true, wish(), command), user, notices::add).status().join();
        assertThat(user.err()).isEmpty();
        return user.out();
    }
}
