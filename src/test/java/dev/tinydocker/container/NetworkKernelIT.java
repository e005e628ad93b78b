package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.HostState;
import dev.tinydocker.support.OutsideHost;
import dev.tinydocker.support.RecordingStdio;
import dev.tinydocker.support.UdpEcho;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Containers that are connected: to each other, to this host, to a host outside; and what is left of that. */
@Timeout(60)
class NetworkKernelIT {

    private final HostState host = new HostState();
    private final List<Integer> left = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private Path root;
    private Path tree;
    private String bridge;
    private ConfigurableApplicationContext context;
    private ContainerService containers;

    @BeforeEach
    void start() throws Exception {
        root = Files.createTempDirectory("td");
        tree = Files.createDirectory(root.resolve("tree"));
        bridge = EngineRooms.bridge(root);
        BusyboxTree.make(tree);
        OutsideHost.pages(Files.createDirectory(tree.resolve("pages")));
        open();
    }

    private void open() {
        context = EngineRooms.start(root);
        containers = context.getBean(ContainerService.class);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Container container : containers.list()) {
            containers.remove(container.id(), true);
        }
        left.forEach(Processes::reap);
        assertThat(leases()).isEmpty();
        // A shim that this JVM does not reap before its engine's end would be its zombie.
        Awaitility.await().until(() -> ProcessHandle.current().children().findAny().isEmpty());
        context.close();
        host.assertUnchanged();
        TreeDeleter.delete(root);
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
    void theNextEngineFindsWhatTheLastOneLeftAndRepairsIt() throws IOException {
        String server = server("web");
        leaveToTheNextEngine();
        Commands.run("busybox", "ping", "-c", "1", "-W", "2", server);
        Commands.run("ip", "link", "delete", bridge);
        Commands.run("nft", "delete", "table", "inet", bridge);
        open();
        context.getBean(Reconciler.class).reconcile();
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
        Awaitility.await().until(() -> !Files.exists(Path.of("/sys/class/net/" + bridge)));
    }

    @Test
    void aHundredStartsLeaveWhatThereWas() {
        for (int i = 0; i < 100; i++) {
            assertThat(run("true")).isEmpty();
        }
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
        assertThat(containersPorts()).isZero();
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
    void datagramsGoTheSameWay() throws IOException {
        server("web", "18080:7/udp");
        Process echo = echo("web");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(200);
            InetAddress lo = InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
            DatagramPacket answer = new DatagramPacket(new byte[10], 10);
            Awaitility.await().ignoreException(SocketTimeoutException.class).until(() -> {
                socket.send(new DatagramPacket("ping".getBytes(StandardCharsets.US_ASCII), 4, lo, 18080));
                socket.receive(answer);
                return true;
            });
            assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII))
                    .isEqualTo("ping");
        } finally {
            echo.destroyForcibly();
        }
    }

    @Test
    void datagramsThatGoOnFindTheNextContainerThatHasThePort() throws IOException {
        InetAddress lo = InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
        List<Process> echoes = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(100);
            // The first goes to nobody: the kernel would remember that, too.
            socket.send(new DatagramPacket(new byte[1], 1, lo, 18080));
            for (String name : List.of("one", "two")) {
                server(name, "18080:7/udp");
                echoes.add(echo(name));
                Awaitility.await().ignoreException(SocketTimeoutException.class).until(() -> {
                    socket.send(new DatagramPacket(new byte[1], 1, lo, 18080));
                    socket.receive(new DatagramPacket(new byte[10], 10));
                    return true;
                });
                containers.remove(name, true);
                socket.send(new DatagramPacket(new byte[1], 1, lo, 18080));
            }
        } finally {
            echoes.forEach(Process::destroyForcibly);
        }
    }

    private Process echo(String name) throws IOException {
        return new ProcessBuilder("nsenter", "--net=/proc/" + containers.inspect(name).pid() + "/ns/net",
                System.getProperty("java.home") + "/bin/java", "-cp", "target/test-classes", UdpEcho.class.getName(),
                "7").start();
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
            inside("ip", "addr", "flush", "dev", "lo");
            inside("sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet");
            inside("ip", "route", "add", "127.0.0.1", "via", gateway(), "dev", "eth0");
            assertThat(inside(OutsideHost.ask("127.0.0.1", 18083))).isBlank();
            Commands.run("nft", "flush", "chain", "inet", bridge, "guard");
            assertThat(inside(OutsideHost.ask("127.0.0.1", 18083))).as("without the guard").isNotBlank();
        } finally {
            own.destroyForcibly();
        }
    }

    private String inside(String... command) throws IOException {
        return Commands.run(Stream.concat(Stream.of("nsenter", "--net=/proc/" + containers.inspect("web").pid()
                + "/ns/net"), Stream.of(command)).toList());
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
        assertThat(containersPorts()).isEqualTo(1);
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

    private int containersPorts() {
        return Objects.requireNonNull(context.getBean(JdbcTemplate.class)
                .queryForObject("SELECT count(*) FROM published_port", Integer.class));
    }

    private String exec(String name, String... command) {
        RecordingStdio user = new RecordingStdio();
        containers.exec(name, new ExecSpec(List.of(command), Map.of(), null, null, false, false, false), user).status().join();
        return user.out();
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

    private void leaveToTheNextEngine() {
        containers.list().forEach(container -> left.add((int) ProcessHandle.of(Objects.requireNonNull(container.pid()))
                .orElseThrow().parent().orElseThrow().pid()));
        context.close();
    }

    private String run(String... command) {
        RecordingStdio user = new RecordingStdio();
        containers.run(spec(null, true, wish(), command), user, notices::add).status().join();
        assertThat(user.err()).isEmpty();
        return user.out();
    }

    private ContainerSpec spec(String name, boolean removed, NetworkWish wish, String... command) {
        return new ContainerSpec(name, tree.toString(), null, null, null, null, List.of(command), null, Map.of(), null,
                null, null, List.of(), List.of(), false, Limits.NONE, List.of(), null, 10, false, wish,
                Map.of(), 0, false, false, false, removed, LogSettings.DEFAULT, null, SecurityWish.DEFAULT,
                Users.NOT_ASKED, Map.of(), null, null);
    }
}
