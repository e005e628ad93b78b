package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.Driver;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NameWish;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkParser;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.Networks;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.HostState;
import dev.tinydocker.support.OutsideHost;
import dev.tinydocker.support.RecordingStdio;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Networks that users make: what is kept apart, what leads out of them and in, and who comes and goes. */
@Timeout(60)
class NetworksKernelIT {

    private static final Consumer<NetworkParser> PLAIN = _ -> { };

    private final HostState host = new HostState();
    private final List<Integer> left = new ArrayList<>();
    private Path root;
    private Path tree;
    private ConfigurableApplicationContext context;
    private ContainerService containers;
    private Networks networks;

    @BeforeEach
    void start() throws Exception {
        root = Files.createTempDirectory("td");
        tree = Files.createDirectory(root.resolve("tree"));
        BusyboxTree.make(tree);
        OutsideHost.pages(Files.createDirectory(tree.resolve("pages")));
        open();
    }

    private void open() {
        context = EngineRooms.start(root);
        containers = context.getBean(ContainerService.class);
        networks = context.getBean(Networks.class);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Container container : containers.list()) {
            containers.remove(container.id(), true);
        }
        left.forEach(Processes::reap);
        assertThat(count("lease") + count("published_port")).isZero();
        Awaitility.await().until(() -> ProcessHandle.current().children().findAny().isEmpty());
        context.close();
        host.assertUnchanged();
        TreeDeleter.delete(root);
    }

    @Test
    void onDifferentNetworksContainersDoNotReachEachOther() throws IOException {
        create("front", false, PLAIN);
        create("back", false, PLAIN);
        Lease server = server("web", "front");
        String rules = rules();
        assertThat(run("front", OutsideHost.ask(address(server), 80))).contains(".");
        assertThat(run("back", OutsideHost.ask(address(server), 80))).isBlank();
        assertThat(run("isolated", OutsideHost.ask(address(server), 80))).isBlank();
        assertThat(rules()).as("rules for three networks").isEqualTo(rules);
        containers.run(spec("both", wish(List.of(), "back", "front"), "sleep", "60"), null, _ -> { });
        assertThat(exec("both", OutsideHost.ask(address(server), 80))).contains(".");
        assertThat(containers.leases("both")).extracting(Lease::position).containsExactly(0, 1);
        assertThatThrownBy(() -> networks.remove("front")).isInstanceOf(Conflict.class)
                .hasMessageContaining("in use by '").hasMessageContaining("'web'");
    }

    @Test
    void nothingGoesIntoAnInternalNetworkOrOut() throws IOException {
        create("inner", true, PLAIN);
        Lease server = server("web", "inner");
        containers.run(spec("port", wish(List.of("18080:80"), "isolated"), "httpd", "-f", "-p", "80", "-h", "/pages"),
                null, _ -> { });
        assertThat(run("inner", OutsideHost.ask(address(server), 80))).contains(".");
        assertThat(exec("web", "ip", "route")).doesNotContain("default");
        try (OutsideHost outside = outside()) {
            // With more privileges than a container has: a way is taken that nobody gave.
            inside("web", "ip", "route", "add", "default", "via", gateway(server));
            assertThat(inside("web", OutsideHost.ask(OutsideHost.ADDRESS, 80))).as("out").isBlank();
            assertThat(inside("web", OutsideHost.ask(OutsideHost.OURS, 18080))).as("a published port").isBlank();
            assertThat(inside("web", "sh", "-c", "busybox ping -c 1 -W 1 " + OutsideHost.OURS + " || echo none"))
                    .as("another address of this host").endsWith("none\n");
            outside.run("ip", "route", "add", "default", "via", OutsideHost.OURS);
            assertThat(outside.run(OutsideHost.ask(address(server), 80))).as("in").isBlank();
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).as("the others").contains(".");
        }
    }

    @Test
    void withIpv6BothKindsLeadOutAndIn() throws IOException {
        create("six", false, parser -> parser.subnet("fd00:231::/64"));
        try (OutsideHost outside = outside()) {
            Commands.run("ip", "addr", "add", "2001:db8:1::1/64", "dev", OutsideHost.LINK, "nodad");
            outside.run("ip", "addr", "add", "2001:db8:1::2/64", "dev", "eth0", "nodad");
            containers.run(spec("web", wish(List.of("18080:80"), "six"), "httpd", "-f", "-p", "80", "-h", "/pages"),
                    null, _ -> { });
            Lease server = containers.leases("web").getFirst();
            String address = String.valueOf(server.address6());
            assertThat(exec("web", "ip", "-6", "addr", "show", "dev", "eth0")).contains("inet6 " + address + "/64")
                    .contains("inet6 fe80::").doesNotContain("tentative");
            awaitAnswer(address);
            assertThat(run("six", ask6(address, 80))).as("a neighbour").contains("fd00:231::");
            assertThat(run("six", ask6("2001:db8:1::2", 80))).as("out").contains("2001:db8:1::1");
            assertThat(outside.run(ask6("2001:db8:1::1", 18080))).as("in").contains("2001:db8:1::2");
            assertThat(Commands.run(ask6("2001:db8:1::1", 18080))).as("from this host").contains(":");
            assertThat(exec("web", ask6("2001:db8:1::1", 18080))).as("from itself").contains("fd00:231::1");
            assertThat(outside.run(OutsideHost.ask(OutsideHost.OURS, 18080))).isEqualTo(OutsideHost.ADDRESS + "\n");
            outside.run("ip", "-6", "route", "add", "default", "via", "2001:db8:1::1");
            assertThat(outside.run(ask6(address, 80))).as("past the port").isBlank();
        }
    }

    @Test
    void onAMacvlanTheyAreHostsBesideThisOne() throws IOException {
        try (OutsideHost outside = outside()) {
            NetworkParser parser = new NetworkParser("lan", Driver.MACVLAN);
            parser.subnet("198.51.100.0/24");
            parser.gateway("198.51.100.254");
            parser.range("198.51.100.64/28");
            parser.option("parent=" + OutsideHost.LINK);
            networks.create(parser.wish(false, false));
            assertThat(run("lan", OutsideHost.ask(OutsideHost.ADDRESS, 80))).startsWith("198.51.100.");
            containers.run(spec("web", wish(List.of(), "lan"), "httpd", "-f", "-p", "80", "-h", "/pages"), null,
                    _ -> { });
            String address = address(containers.leases("web").getFirst());
            Awaitility.await().until(() -> outside.run(OutsideHost.ask(address, 80)).equals(OutsideHost.ADDRESS + "\n"));
            assertThat(exec("web", "ip", "route")).contains("default via 198.51.100.254 dev eth0");
            connections().connect(containers.inspect("web"), Endpoint.of("isolated"), _ -> { });
            connections().disconnect(containers.inspect("web"), "lan");
            assertThat(exec("web", "ip", "-4", "addr")).doesNotContain("198.51.100.").contains("eth1");
        }
    }

    @Test
    void whoRunsComesAndGoesAndItsPortsGoWithIt() throws IOException {
        create("front", false, PLAIN);
        create("back", false, PLAIN);
        containers.run(spec("web", wish(List.of("18080:80"), "front"), "httpd", "-f", "-p", "80", "-h", "/pages"),
                null, _ -> { });
        awaitAnswer("127.0.0.1", 18080);
        connections().connect(containers.inspect("web"), Endpoint.of("back"), _ -> { });
        Lease second = containers.leases("web").getLast();
        assertThat(run("back", OutsideHost.ask(address(second), 80))).contains(".");
        connections().disconnect(containers.inspect("web"), "front");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isEqualTo(gateway(second) + "\n");
        assertThat(exec("web", "ip", "route")).contains("default via " + gateway(second) + " dev eth1");
        connections().disconnect(containers.inspect("web"), "back");
        assertThat(Commands.run(OutsideHost.ask("127.0.0.1", 18080))).isBlank();
        assertThat(count("lease") + count("published_port")).isZero();
        connections().connect(containers.inspect("web"), Endpoint.of("front"), _ -> { });
        awaitAnswer("127.0.0.1", 18080);
        assertThatThrownBy(() -> connections().connect(containers.inspect("web"), Endpoint.of("front"), _ -> { }))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void theNextEngineFindsEveryNetworkAndTakesBackWhatIsOfNone() throws IOException {
        create("front", false, PLAIN);
        create("back", false, PLAIN);
        Lease front = server("web", "front");
        Lease back = server("db", "back");
        String kept = context.getBean(JdbcTemplate.class).queryForObject("SELECT spec FROM container WHERE name = 'web'",
                String.class);
        connections().connect(containers.inspect("web"), Endpoint.of("back"), _ -> { });
        // As a kill in the middle of it leaves it.
        context.getBean(JdbcTemplate.class).update("UPDATE container SET spec = ? WHERE name = 'web'", kept);
        containers.list().forEach(container -> left.add((int) ProcessHandle.of(Objects.requireNonNull(container.pid()))
                .orElseThrow().parent().orElseThrow().pid()));
        context.close();
        Commands.run("ip", "link", "delete", front.network().link());
        Commands.run("nft", "delete", "table", "inet", EngineRooms.bridge(root));
        open();
        context.getBean(Reconciler.class).reconcile();
        assertThat(containers.leases("web")).hasSize(1);
        assertThat(exec("web", "ip", "link")).doesNotContain("eth1");
        assertThat(Commands.run(OutsideHost.ask(address(front), 80))).contains(".");
        assertThat(Commands.run(OutsideHost.ask(address(back), 80))).contains(".");
        assertThat(run("front", OutsideHost.ask(address(back), 80))).isBlank();
        assertThat(run("front", OutsideHost.ask(address(front), 80))).contains(".");
    }

    @Test
    void aNetworkWithoutAddressesLeftSaysSo() {
        create("tiny", false, parser -> parser.subnet("10.231.20.0/30"));
        Lease only = server("web", "tiny");
        assertThat(address(only)).isEqualTo("10.231.20.2");
        assertThatThrownBy(() -> run("tiny", "true")).isInstanceOf(HostLacks.class)
                .hasMessageContaining("all addresses of 10.231.20.0/30 are taken");
        assertThat(containers.list()).hasSize(1);
    }

    private void create(String name, boolean internal, Consumer<NetworkParser> more) {
        NetworkParser parser = new NetworkParser(name, Driver.BRIDGE);
        more.accept(parser);
        networks.create(parser.wish(internal, false));
    }

    private Connections connections() {
        return context.getBean(Connections.class);
    }

    private OutsideHost outside() throws IOException {
        return new OutsideHost(Files.createDirectory(root.resolve("outside")));
    }

    private int count(String table) {
        return Objects.requireNonNull(context.getBean(JdbcTemplate.class)
                .queryForObject("SELECT count(*) FROM " + table, Integer.class));
    }

    private String rules() throws IOException {
        return Commands.run("nft", "list", "chain", "inet", EngineRooms.bridge(root), "forward");
    }

    private static String address(Lease lease) {
        return lease.address().toString();
    }

    private static String gateway(Lease lease) {
        return lease.gateway().toString();
    }

    /** The same as {@link OutsideHost#ask}, for addresses with colons. */
    private static String[] ask6(String address, int port) {
        return new String[] { "sh", "-c", "printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 " + address
                + " " + port + " 2>/dev/null | tail -n 1 | sed -E 's/[^0-9a-f:]//g'" };
    }

    private static void awaitAnswer(String address) {
        Awaitility.await().until(() -> Commands.run(ask6(address, 80)).contains(":"));
    }

    private static void awaitAnswer(String address, int port) {
        Awaitility.await().until(() -> Commands.run(OutsideHost.ask(address, port)).contains("."));
    }

    private Lease server(String name, String network) {
        containers.run(spec(name, wish(List.of(), network), "httpd", "-f", "-p", "80", "-h", "/pages"), null, _ -> { });
        Lease lease = containers.leases(name).getFirst();
        awaitAnswer(address(lease), 80);
        return lease;
    }

    private String inside(String name, String... command) throws IOException {
        return Commands.run(Stream.concat(Stream.of("nsenter", "--net=/proc/" + containers.inspect(name).pid()
                + "/ns/net"), Stream.of(command)).toList());
    }

    private String exec(String name, String... command) {
        RecordingStdio user = new RecordingStdio();
        containers.exec(name, new ExecSpec(List.of(command), Map.of(), null, null, false, false, false), user).status()
                .join();
        return user.out();
    }

    private String run(String network, String... command) {
        RecordingStdio user = new RecordingStdio();
        Attachment ended = containers.run(spec(null, wish(List.of(), network), command), user, _ -> { });
        ended.status().join();
        containers.remove(ended.id(), true);
        return user.out();
    }

    private static NetworkWish wish(List<String> ports, String... names) {
        return new NetworkWish(NetworkMode.ISOLATED, ports.stream()
                .flatMap(port -> PortParser.publish(port).stream()).toList(), List.of(), false, NameWish.NONE,
                Stream.of(names).map(Endpoint::of).toList());
    }

    private ContainerSpec spec(String name, NetworkWish wish, String... command) {
        return new ContainerSpec(name, tree.toString(), null, null, null, null, List.of(command), null, Map.of(), null,
                null, null, List.of(), List.of(), false, Limits.NONE, List.of(), null, 10, false, wish,
                Map.of(), 0, false, false, false, false, LogSettings.DEFAULT, null, SecurityWish.DEFAULT,
                Users.NOT_ASKED, Map.of(), null, null);
    }
}
