package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
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
        context.close();
        host.assertUnchanged();
        TreeDeleter.delete(root);
    }

    @Test
    void aContainerHasAnAddressARouteAndItsOwnName() {
        String[] seen = run("sh", "-c", "ip -4 -o addr show eth0; ip route; hostname -i; ip -6 addr show eth0")
                .split("\n");
        assertThat(seen[0]).matches("\\d+: eth0 +inet \\d+(\\.\\d+){3}/\\d+ brd .*");
        String address = seen[0].replaceFirst(".*inet ([0-9.]+)/.*", "$1");
        assertThat(seen[1]).matches("default via \\d+(\\.\\d+){3} dev eth0 ?");
        assertThat(seen[2]).endsWith("src " + address + " ");
        assertThat(seen[3].strip()).isEqualTo(address);
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
        RecordingStdio user = new RecordingStdio();
        containers.exec("web", new ExecSpec(List.of("hostname", "-i"), Map.of(), null, null, false, false), user)
                .status().join();
        assertThat(user.out().strip()).isEqualTo(server);
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

    private String server(String name) {
        containers.run(spec(name, false, "httpd", "-f", "-p", "80", "-h", "/pages"), null, notices::add);
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
        containers.run(spec(null, true, command), user, notices::add).status().join();
        assertThat(user.err()).isEmpty();
        return user.out();
    }

    private ContainerSpec spec(String name, boolean removed, String... command) {
        return new ContainerSpec(name, tree.toString(), null, null, null, null, List.of(command), null, Map.of(), null,
                null, null, List.of(), List.of(), false, Limits.NONE, List.of(), null, 10, false, NetworkMode.ISOLATED,
                Map.of(), 0, false, false, false, removed, LogSettings.DEFAULT, null);
    }
}
