package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
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
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the tests of networks begin and end with: an engine on throw-away roots, and a tree whose httpd serves
 * {@code /pages}. After each test nobody has an address or a port any more, and the host is what it was.
 */
@Timeout(60)
class NetworkedEngine {

    final HostState host = new HostState();
    Path root;
    Path tree;
    ConfigurableApplicationContext context;
    ContainerService containers;
    /** Shims of an engine that was closed: this JVM reaps them. */
    final List<Integer> left = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        root = Files.createTempDirectory("td");
        tree = Files.createDirectory(root.resolve("tree"));
        BusyboxTree.make(tree);
        OutsideHost.pages(Files.createDirectory(tree.resolve("pages")));
        open();
    }

    /** Starts an engine: the first one, or the next. */
    void open() {
        context = EngineRooms.start(root);
        containers = context.getBean(ContainerService.class);
    }

    /** Ends the engine as if it had died: its containers run on. */
    void leaveToTheNextEngine() {
        containers.list().forEach(container -> left.add((int) ProcessHandle.of(Objects.requireNonNull(container.pid()))
                .orElseThrow().parent().orElseThrow().pid()));
        close();
    }

    /** Ends the engine once it has reaped the shims that have ended: they would be this JVM's zombies. */
    void close() {
        Awaitility.await().until(() -> shims().allMatch(left::contains));
        context.close();
    }

    private static Stream<Integer> shims() {
        return ProcessHandle.current().children().map(child -> (int) child.pid()).filter(NetworkedEngine::isShim);
    }

    private static boolean isShim(int pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("tiny-shim");
        } catch (IOException e) {
            // It has been reaped while we looked.
            return false;
        }
    }

    int count(String table) {
        return Objects.requireNonNull(context.getBean(JdbcTemplate.class)
                .queryForObject("SELECT count(*) FROM " + table, Integer.class));
    }

    /** A container whose root is the tree. @param removed it goes with its end */
    ContainerSpec spec(String name, boolean removed, NetworkWish wish, String... command) {
        return new ContainerSpec(name, tree.toString(), null, null, null, null, List.of(command), null, Map.of(), null,
                null, null, List.of(), List.of(), false, Limits.NONE, List.of(), null, 10, false, wish,
                Map.of(), 0, false, false, false, removed, LogSettings.DEFAULT, null, SecurityWish.DEFAULT,
                Users.NOT_ASKED, Map.of(), null, null);
    }

    ContainerSpec spec(String name, NetworkWish wish, String... command) {
        return spec(name, false, wish, command);
    }

    /** What a command says that is executed in a container. */
    String exec(String name, String... command) {
        RecordingStdio user = new RecordingStdio();
        containers.exec(name, new ExecSpec(List.of(command), Map.of(), null, null, false, false, false), user).status()
                .join();
        return user.out();
    }

    /** What a command of the host's says in a container's network namespace: with more privileges than a container has. */
    String inside(String name, String... command) throws IOException {
        return Commands.run(Stream.concat(Stream.of("nsenter", "--net=/proc/" + containers.inspect(name).pid()
                + "/ns/net"), Stream.of(command)).toList());
    }

    /** Sends back the datagrams that come to a container's port 7. */
    Process echo(String name) throws IOException {
        return new ProcessBuilder("nsenter", "--net=/proc/" + containers.inspect(name).pid() + "/ns/net",
                System.getProperty("java.home") + "/bin/java", "-cp", "target/test-classes", UdpEcho.class.getName(),
                "7").start();
    }

    /**
     * One socket sends to port 18080 of an address without a pause, and two containers have it in turn.
     *
     * @param server starts one of that name, whose port 7 is led to
     */
    void datagramsGoOn(String address, Consumer<String> server) throws IOException {
        InetAddress to = InetAddress.ofLiteral(address);
        List<Process> echoes = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(100);
            // The first goes to nobody: the kernel would remember that, too.
            socket.send(new DatagramPacket(new byte[1], 1, to, 18080));
            for (String name : List.of("one", "two")) {
                server.accept(name);
                echoes.add(echo(name));
                Awaitility.await().ignoreException(SocketTimeoutException.class).until(() -> {
                    socket.send(new DatagramPacket(new byte[1], 1, to, 18080));
                    socket.receive(new DatagramPacket(new byte[10], 10));
                    return true;
                });
                containers.remove(name, true);
                socket.send(new DatagramPacket(new byte[1], 1, to, 18080));
            }
        } finally {
            echoes.forEach(Process::destroyForcibly);
        }
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Container container : containers.list()) {
            containers.remove(container.id(), true);
        }
        left.forEach(Processes::reap);
        // A container that goes with its end is not listed any more, and gives back what it had after that.
        Awaitility.await().untilAsserted(() -> assertThat(count("lease") + count("published_port")).isZero());
        // A shim that this JVM does not reap before its engine's end would be its zombie.
        Awaitility.await().until(() -> ProcessHandle.current().children().findAny().isEmpty());
        context.close();
        host.assertUnchanged();
        TreeDeleter.delete(root);
    }
}
