package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.BusyboxTree;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How an engine comes to be and ends, seen by users of the built program. */
@Timeout(120)
class EngineLifeIT {

    private static final int RUNTIME_FAILED = 125;

    @TempDir
    Path directory;

    private Tiny tiny;

    @BeforeEach
    void begin() {
        tiny = new Tiny(directory);
    }

    @AfterEach
    void end() throws IOException {
        tiny.close();
        tiny.awaitNothingLeft();
    }

    private static void assertOk(Tiny.Result result) {
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    private void assertRuns(String id) throws IOException {
        Tiny.Result result = tiny.tiny("ps", "-q", "--no-trunc");
        assertOk(result);
        assertThat(result.out().strip()).isEqualTo(id);
    }

    private Path rootfs() throws IOException {
        Path root = Files.createDirectory(directory.resolve("rootfs"));
        BusyboxTree.make(root);
        return root;
    }

    /** Runs a container in the background and returns its id. */
    private String detached(Path rootfs, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--net", "none", "--rootfs", rootfs.toString()));
        words.addAll(List.of(command));
        Tiny.Result result = tiny.tiny(words.toArray(String[]::new));
        assertOk(result);
        return result.out().strip();
    }

    @Test
    void clientsThatStartAtOnceStartOneEngine() throws IOException {
        List<Process> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(tiny.start("version"));
        }
        for (Process client : clients) {
            assertOk(Tiny.finish(client));
        }
        assertThat(tiny.log()).containsOnlyOnce("the engine serves");
    }

    @Test
    void anEngineThatWasKilledIsReplaced() throws IOException {
        assertOk(tiny.tiny("version"));
        ProcessHandle first = tiny.engine();
        first.destroyForcibly();
        Tiny.awaitEnd(first);
        assertThat(tiny.run.resolve("engine.sock")).exists();
        assertOk(tiny.tiny("version"));
        assertThat(tiny.engine().pid()).isNotEqualTo(first.pid());
    }

    @Test
    void aCommandIsToldWhenItsEngineIsKilled() throws IOException, InterruptedException {
        String id = detached(rootfs(), "sh", "-c", "echo up; exec sleep 1000");
        Process following = following(id);
        tiny.engine().destroyForcibly();
        Tiny.Result result = Tiny.finish(following);
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
        assertThat(result.err()).isEqualTo("cannot run 'tiny logs': the engine ended unexpectedly; see '" + tiny.data
                + "/engine.log'\n");
        assertRuns(id);
    }

    /** A client whose command is under way: of an engine that ends before it would go to the next one. */
    private Process following(String id) throws IOException {
        Process client = tiny.start("logs", "-f", id);
        assertThat(client.inputReader().readLine()).isEqualTo("up");
        return client;
    }

    /** Clients that are served now, as the kernel lists the connections of the socket; proc(5). */
    private void awaitClients(int count) {
        Awaitility.await().until(() -> {
            try (var lines = Files.lines(Path.of("/proc/net/unix"))) {
                // The listening socket itself is in state 01, a connection in 03.
                return lines.filter(line -> line.endsWith(" " + tiny.run + "/engine.new") && line.contains(" 03 "))
                        .count() == count;
            }
        });
    }

    @Test
    void anEngineThatIsToldToEndTellsItsClientsAndLeavesContainers() throws IOException {
        String id = detached(rootfs(), "sh", "-c", "echo up; exec sleep 1000");
        Process following = following(id);
        ProcessHandle engine = tiny.engine();
        engine.destroy();
        Tiny.Result result = Tiny.finish(following);
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
        assertThat(result.err())
                .isEqualTo("cannot finish the command: the engine was told to end; containers run on\n");
        Tiny.awaitEnd(engine);
        assertThat(tiny.run.resolve("engine.sock")).doesNotExist();
        assertRuns(id);
    }

    @Test
    void aContainerRunsOnWhenItsClientIsKilled() throws IOException {
        Process client = tiny.start("run", "--name", "orphan", "--net", "none", "--rootfs", rootfs().toString(), "sh",
                "-c",
                "echo up; sleep 1000");
        try (BufferedReader output = client.inputReader()) {
            assertThat(output.readLine()).isEqualTo("up");
        }
        client.toHandle().destroyForcibly();
        Tiny.awaitEnd(client.toHandle());
        awaitClients(0);
        assertThat(tiny.tiny("ps").out()).contains("orphan");
    }

    @Test
    void aUserWhoGivesUpIsNotKept() throws IOException {
        String id = detached(rootfs(), "sleep", "1000");
        Process waiting = tiny.start("wait", id);
        awaitClients(1);
        waiting.toHandle().destroy();
        assertThat(Tiny.finish(waiting).status()).isGreaterThan(128);
        assertRuns(id);
    }

    @Test
    void anIdleEngineEndsAndTheNextCommandStartsAnother() throws IOException {
        tiny.with("TINY_IDLE_TIMEOUT", "400ms");
        assertOk(tiny.tiny("version"));
        tiny.awaitEngineEnd();
        assertThat(tiny.run.resolve("engine.sock")).doesNotExist();
        assertThat(tiny.log()).contains("nobody has used it for");
        assertOk(tiny.tiny("version"));
    }

    @Test
    void anEngineWithAContainerDoesNotIdle() throws IOException {
        tiny.with("TINY_IDLE_TIMEOUT", "200ms");
        String id = detached(rootfs(), "sleep", "1000");
        ProcessHandle container = ProcessHandle.of(Long.parseLong(tiny.ok("inspect", "-f", "{{.State.Pid}}", id)
                .strip())).orElseThrow();
        ProcessHandle engine = tiny.engine();
        // Nobody is connected while the container lives, ten times as long as an idle engine would.
        Awaitility.await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(30)).until(engine::isAlive);
        // Without a command, which would use the engine.
        container.destroyForcibly();
        Tiny.awaitEnd(engine);
        assertThat(tiny.tiny("inspect", id).status()).isZero();
    }

    @Test
    void theRecordCannotBeRead() throws IOException {
        Files.createDirectories(tiny.data);
        Files.writeString(tiny.data.resolve("tiny.db"),
                "this is no database, and it is long enough to be looked at ".repeat(40));
        Tiny.Result result = tiny.tiny("ps");
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
        assertThat(result.err()).startsWith("cannot use the record '" + tiny.data + "/tiny.db': SQLITE_NOTADB")
                .hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }

    /** Three ways to be one, each with a record that an engine of this version has left. */
    @Test
    void theRecordIsAnotherVersions() throws IOException, SQLException {
        assertOk(tiny.tiny("version"));
        ProcessHandle engine = tiny.engine();
        engine.destroy();
        Tiny.awaitEnd(engine);
        Path record = tiny.data.resolve("tiny.db");
        byte[] ours = Files.readAllBytes(record);
        for (String change : List.of(
                "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'",
                "UPDATE flyway_schema_history SET version = '999999' WHERE version = '1'",
                "INSERT INTO flyway_schema_history SELECT 1000, '999999', 'later', type, 'V999999__later.sql', 1, "
                        + "installed_by, installed_on, execution_time, success FROM flyway_schema_history WHERE version = '1'")) {
            Files.deleteIfExists(tiny.data.resolve("tiny.db-wal"));
            Files.deleteIfExists(tiny.data.resolve("tiny.db-shm"));
            Files.write(record, ours);
            try (Connection theirs = DriverManager.getConnection("jdbc:sqlite:" + record);
                    Statement statement = theirs.createStatement()) {
                assertThat(statement.executeUpdate(change)).isEqualTo(1);
            }
            Tiny.Result result = tiny.tiny("ps");
            assertThat(result.status()).as(change).isEqualTo(RUNTIME_FAILED);
            assertThat(result.err()).as(change).startsWith("cannot use the record '" + record + "': another version of this "
                    + "program made it; use that version, or move it away").hasLineCount(1);
            assertThat(result.out()).as(change).isEmpty();
        }
    }

    /** In a mount namespace of its own, so that the host sees nothing of it. */
    private Tiny.Result onData(String mountOptions) throws IOException {
        Files.createDirectories(tiny.data);
        return Tiny.finish(tiny.start(List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o " + mountOptions
                + " none " + tiny.data
                + " && exec " + Tiny.HOME.resolve("tiny") + " ps")));
    }

    @Test
    void theDataRootIsReadOnly() throws IOException {
        Tiny.Result result = onData("ro");
        assertThat(result.err()).startsWith("cannot write '" + tiny.data + "/engine.log': EROFS (Read-only file system); ")
                .hasLineCount(1);
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
    }

    @Test
    void theDiskIsFull() throws IOException {
        Tiny.Result result = onData("size=16k");
        assertThat(result.err()).startsWith("cannot use the record '" + tiny.data + "/tiny.db': SQLITE_")
                .contains("free some space")
                .hasLineCount(1);
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
    }

    @Test
    void allFaultsOfTheConfigurationAreToldAtOnce() throws IOException {
        tiny.with("TINY_IDLE_TIMEOUT", "soon").with("TINY_METRICS_PORT", "70000");
        Tiny.Result result = tiny.tiny("version");
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
        assertThat(result.err()).startsWith("cannot read the configuration: ").contains("tiny.idle.timeout 'soon'")
                .contains("tiny.metrics.port '70000'").hasLineCount(1);
    }

    @Test
    void aRunRootThatIsTooLongForASocketIsTold() throws IOException {
        tiny.with("TINY_RUN_ROOT", directory.resolve("r".repeat(110)).toString());
        Tiny.Result result = tiny.tiny("version");
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
        assertThat(result.err()).startsWith("cannot connect to the engine: ").contains("choose a shorter tiny.run.root")
                .hasLineCount(1);
    }

    @Test
    void aGroupThatDoesNotExistIsTold() throws IOException {
        tiny.with("TINY_SOCKET_GROUP", "nobody-has-this-group");
        Tiny.Result result = tiny.tiny("version");
        assertThat(result.status()).isEqualTo(RUNTIME_FAILED);
        assertThat(result.err()).isEqualTo("cannot give the socket to group 'nobody-has-this-group': "
                + "there is no such group; "
                + "make it with 'groupadd nobody-has-this-group', or change tiny.socket.group\n");
    }

    @Test
    void withoutAGroupTheSocketIsForRootAlone() throws IOException {
        assertOk(tiny.tiny("version"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tiny.run))).isEqualTo("rwx------");
    }

    @Test
    void theSocketIsForRootAndTheConfiguredGroup() throws IOException {
        tiny.with("TINY_SOCKET_GROUP", "daemon").with("TINY_HOME", Tiny.HOME.toString());
        assertOk(tiny.tiny("version"));
        Path socket = tiny.run.resolve("engine.sock");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-rw----");
        assertThat(Files.getAttribute(socket, "posix:group")).hasToString("daemon");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tiny.run))).isEqualTo("rwxr-x---");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        // The project's own directory may be closed to others.
        Path client = Files.copy(client(), directory.resolve("client"));
        Tiny.Result member = Tiny.finish(tiny.start(List.of("setpriv", "--reuid", "65534", "--regid", "daemon",
                "--clear-groups",
                client.toString(), "version")));
        assertThat(member.err()).isEmpty();
        assertThat(member.status()).isZero();
        Tiny.Result stranger = Tiny.finish(tiny.start(List.of("setpriv", "--reuid", "65534", "--regid", "65534",
                "--clear-groups",
                client.toString(), "version")));
        assertThat(stranger.err()).startsWith("cannot connect to the engine: '" + socket
                + "': EACCES (Permission denied); use sudo");
        assertThat(stranger.status()).isEqualTo(RUNTIME_FAILED);
    }

    private static Path client() throws IOException {
        try (BufferedReader ready = Files.newBufferedReader(Tiny.HOME.resolve("target/ready"))) {
            return Tiny.HOME.resolve("target/native").resolve(ready.readLine()).resolve("tiny");
        }
    }

    @Test
    void serveSaysWhereItListensAndASecondOneIsRefused() throws IOException {
        Process serving = tiny.start("serve");
        try (BufferedReader output = serving.inputReader()) {
            assertThat(output.readLine()).isEqualTo("the engine listens on " + tiny.run + "/engine.sock");
            assertOk(tiny.tiny("version"));
            Tiny.Result second = tiny.tiny("serve");
            assertThat(second.status()).isEqualTo(RUNTIME_FAILED);
            assertThat(second.err()).startsWith("cannot start the engine: one runs already on '" + tiny.run
                    + "', process "
                    + serving.pid() + "; ").hasLineCount(1);
        } finally {
            serving.destroy();
            Tiny.awaitEnd(serving.toHandle());
        }
    }

    @Test
    void aTakenPortStopsNobodyAndMetricsAreServedOnceItIsFree() throws IOException {
        String address;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tiny.with("TINY_METRICS_PORT", String.valueOf(taken.getLocalPort()));
            assertThat(tiny.tiny("info").out()).contains("not served: 127.0.0.1, port " + taken.getLocalPort());
            address = "http://127.0.0.1:" + taken.getLocalPort() + "/metrics";
        }
        Awaitility.await().untilAsserted(() -> assertThat(tiny.tiny("info").out()).contains(address));
        try (var page = URI.create(address).toURL().openStream()) {
            assertThat(new String(page.readAllBytes())).contains("process_uptime_seconds");
        }
    }
}
