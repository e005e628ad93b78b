package dev.tinydocker.lima;

import dev.tinydocker.engine.Request;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** What a user gets in each state of the virtual machine; the answers are those of the real limactl. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimaExecutorTests {

    private static final String ARCH = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    /** The client in the machine, the real one, where the engine's socket is elsewhere; a login shell may greet. */
    private static final String CLIENT = """
            #!/bin/sh
            echo "Welcome to the machine"
            TINY_HOME=%1$s/opt TINY_DATA_ROOT=%1$s/guest TINY_RUN_ROOT=%1$s/guest
            export TINY_HOME TINY_DATA_ROOT TINY_RUN_ROOT
            exec %2$s "$@"
            """;
    private static final String START = "--tty=false start --timeout=15m tiny-docker";
    /** ssh(1): a forward is a link here. */
    private static final String SSH = """
            #!/bin/sh
            echo "$*" >>%1$s/ssh-asked
            case "$*" in
              *"-O forward"*) ln -s %1$s/guest/engine.sock "%1$s/lima/tiny-docker/sock/engine.sock" ;;
            esac
            exit %2$d
            """;

    @TempDir
    private Path directory;

    private RecordedLima recorded;
    private Path socket;
    private Path instance;
    private HostClient client;
    private StandInEngine engine;

    @BeforeEach
    void record() throws IOException {
        recorded = new RecordedLima(directory);
        RecordedLima.executable(directory.resolve("opt/tiny"), CLIENT.formatted(directory,
                Path.of("target/native/" + ARCH + "/tiny").toAbsolutePath()));
        engine = new StandInEngine(directory.resolve("guest/engine.sock"));
        instance = Files.createDirectories(directory.resolve("lima/tiny-docker"));
        socket = Files.createDirectories(instance.resolve("sock")).resolve("engine.sock");
        Files.createFile(instance.resolve("ssh.config"));
        serve(recorded.ctl(), 1, false);
    }

    private void serve(LimaCtl ctl, int sshStatus, boolean startsStopped) throws IOException {
        close();
        Path ssh = RecordedLima.executable(directory.resolve("ssh"), SSH.formatted(directory, sshStatus));
        GuestEngine guest = new GuestEngine(ctl, directory.resolve("opt/tiny").toString(),
                new SshForward(new HostProgram(ssh.toString())), startsStopped);
        LimaDoctor doctor = new LimaDoctor(ctl, directory.resolve("opt/tiny").toString());
        client = new HostClient(directory, new LimaExecutor(guest, new VmCommands(ctl, guest).commands(),
                List.of(new DoctorCommand(doctor, directory).command()), HostClient.layout(directory)));
    }

    @AfterEach
    void close() throws IOException {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private HostClient.Ended execute(String... words) throws IOException {
        return client.execute(recorded.workspace(), Map.of("SECRET", "a 'b'\n$d", "TERM", "vt100", "HOME", "/h"), words);
    }

    private Request asked() throws InterruptedException {
        Request request = engine.requests.poll(10, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    /** The engine's socket is forwarded as Lima does it. */
    private StandInEngine forwarded() throws IOException {
        return new StandInEngine(socket);
    }

    private long shells() throws IOException {
        return recorded.asked().stream().filter(words -> words.contains("shell")).count();
    }

    private String kept(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            absent  | Lima instance "tiny-docker" does not exist; create it: 'tiny setup lima'
            stopped | Lima instance "tiny-docker" is not running; start it: 'tiny vm start'
            broken  | Lima instance "tiny-docker" is broken (qemu driver is running but host agent is not); 'limactl
            """)
    void whereItDoesNotRunNothingIsExecuted(String state, String said) throws IOException {
        recorded.in(state);
        HostClient.Ended ended = execute("ps");
        assertThat(ended.status()).isEqualTo(125);
        assertThat(ended.err()).startsWith("cannot run in the virtual machine: " + said).hasLineCount(1);
        assertThat(shells()).isZero();
    }

    @Test
    void anOldLimaIsRefused() throws IOException {
        recorded.in("running").says("version", "limactl version 2.0.3\n---\n---\n0\n");
        assertThat(execute("ps")).isEqualTo(new HostClient.Ended(125, "", "cannot run in the virtual machine: Lima 2.0.3 "
                + "is too old, 2.1.0 is needed; 'brew upgrade lima'\n"));
    }

    @Test
    void aMissingLimaIsSaid() throws IOException {
        HostProgram none = new HostProgram(directory.resolve("none").toString());
        serve(new LimaCtl(none, "tiny-docker", Duration.ZERO), 0, false);
        assertThat(execute("ps")).isEqualTo(new HostClient.Ended(125, "", "cannot run in the virtual machine: limactl is "
                + "not installed; install Lima: 'brew install lima'\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "running", "stopped", "broken" })
    void anInstanceOfAnotherProjectIsLeftAlone(String state) throws IOException {
        recorded.in(state);
        recorded.says("list", kept("list").replace("/run/tiny-docker/engine.sock", "/run/docker.sock"));
        HostClient.Ended ended = execute("ps");
        assertThat(ended.status()).isEqualTo(125);
        assertThat(ended.err()).contains("was not made from tiny-docker's lima.yaml; set another name");
        assertThat(execute("vm", "delete", "-f").err()).contains("was not made from tiny-docker's lima.yaml");
        assertThat(execute("vm", "stop", "-f").err()).contains("was not made from tiny-docker's lima.yaml");
        assertThat(recorded.asked()).noneMatch(words -> words.contains("delete") || words.contains("stop"));
    }

    /** The first command has started the JVM: what its user has done about a problem since is seen. */
    @Test
    void limactlIsFoundAndStartedInTheEnvironmentOfEachCommand() throws IOException {
        recorded.in("running");
        serve(new LimaCtl(new HostProgram("limactl", "LIMACTL", List.of(), ""), "tiny-docker", Duration.ZERO), 1, false);
        Map<String, String> first = Map.of("PATH", directory + "/bin:/usr/bin:/bin", "LIMA_HOME", "/first");
        Map<String, String> second = Map.of("LIMACTL", directory + "/bin/limactl", "LIMA_HOME", "/second");
        assertThat(client.execute(directory, first, "ps").err()).contains("limactl is not installed");
        Path homes = directory.resolve("homes");
        RecordedLima.executable(directory.resolve("bin/limactl"), """
                #!/bin/sh
                echo "$LIMA_HOME" >>%s
                exec %s/limactl "$@"
                """.formatted(homes, directory));
        try (StandInEngine _ = forwarded()) {
            for (Map<String, String> environment : List.of(first, first, second)) {
                assertThat(client.execute(directory, environment, "ps").status()).isZero();
            }
            // Each time limactl is asked, it is for its version and for the instance.
            assertThat(Files.readAllLines(homes)).containsExactly("/first", "/first", "/second", "/second");
            assertThat(client.execute(directory, first, "vm", "status").status()).isZero();
        }
        assertThat(Files.readAllLines(homes)).endsWith("/second", "/first", "/first");
    }

    /** Whoever has started the JVM may have been elsewhere. */
    @Test
    void aRelativePathStartsWhereTheCommandWasGiven() throws IOException {
        recorded.in("running");
        serve(new LimaCtl(new HostProgram("limactl", "LIMACTL", List.of(), ""), "tiny-docker", Duration.ZERO), 1, false);
        Path homes = directory.resolve("homes");
        RecordedLima.executable(directory.resolve("bin/limactl"), """
                #!/bin/sh
                echo "$LIMA_HOME" >>%s
                exec %s/limactl "$@"
                """.formatted(homes, directory));
        try (StandInEngine _ = forwarded()) {
            for (Map<String, String> environment : List.of(Map.of("LIMACTL", "../bin/limactl", "LIMA_HOME", "../lima"),
                    Map.of("LIMACTL", "limactl", "PATH", "../bin:/usr/bin:/bin", "LIMA_HOME", directory + "/lima"))) {
                HostClient.Ended ended = client.execute(recorded.workspace(), environment, "vm", "status");
                assertThat(ended.status()).as(ended.toString()).isZero();
            }
        }
        assertThat(Files.readAllLines(homes)).hasSize(4).containsOnly(directory + "/lima");
        assertThat(client.execute(recorded.workspace(), Map.of("LIMACTL", "bin/limactl"), "ps").err()).isEqualTo("cannot run "
                + "in the virtual machine: there is no program \"" + recorded.workspace() + "/bin/limactl\", which LIMACTL "
                + "names; unset LIMACTL, or let it name Lima's limactl\n");
        Path none = Files.createFile(directory.resolve("none"));
        assertThat(client.execute(directory, Map.of("LIMACTL", "./none"), "ps").err()).isEqualTo("cannot run in the virtual "
                + "machine: limactl cannot be asked: cannot execute '" + none + "': Permission denied; see what 'limactl "
                + "list' says\n");
    }

    @Test
    void throughTheForwardedSocketLimactlIsAskedOnce() throws IOException, InterruptedException {
        recorded.in("running");
        try (StandInEngine quick = forwarded()) {
            for (int status : new int[] { 0, 3, 125, 255 }) {
                assertThat(execute("end", Integer.toString(status)))
                        .isEqualTo(new HostClient.Ended(status, "out\n", "err\n"));
            }
            assertThat(quick.requests).hasSize(4);
        }
        assertThat(shells()).isZero();
        assertThat(recorded.asked()).filteredOn(words -> words.startsWith("list")).hasSize(1);
    }

    @Test
    void anInstanceThatWasChangedIsAskedForAgain() throws IOException {
        recorded.in("running");
        Path file = Files.createFile(instance.resolve("lima.yaml"));
        try (StandInEngine _ = forwarded()) {
            execute("ps");
            assertThat(file.toFile().setLastModified(1_000_000)).isTrue();
            execute("ps");
        }
        assertThat(recorded.asked()).filteredOn(words -> words.startsWith("list")).hasSize(2);
    }

    @Test
    void withoutAForwardTheSameFramesGoThroughLimactlShell() throws IOException, InterruptedException {
        recorded.in("running");
        for (int status : new int[] { 0, 3, 125, 255 }) {
            assertThat(execute("end", Integer.toString(status))).isEqualTo(new HostClient.Ended(status, "out\n", "err\n"));
        }
        assertThat(engine.requests).hasSize(4);
        assertThat(shells()).isEqualTo(4);
        assertThat(recorded.asked()).filteredOn(words -> words.contains("shell"))
                .allMatch(words -> words.startsWith("--tty=false shell --workdir / tiny-docker sudo -n /bin/sh -c "));
    }

    @Test
    void aForwardThatDiedIsMadeAnewOnce() throws IOException {
        recorded.in("running");
        serve(recorded.ctl(), 0, false);
        // ssh has died, and left its socket.
        forwarded().close();
        assertThat(execute("end", "4").status()).isEqualTo(4);
        assertThat(shells()).isZero();
        assertThat(Files.readAllLines(directory.resolve("ssh-asked"))).containsExactly(
                "-F " + instance + "/ssh.config lima-tiny-docker true", "-F " + instance + "/ssh.config -O cancel -L "
                + socket + ":/run/tiny-docker/engine.sock lima-tiny-docker", "-F " + instance
                + "/ssh.config -O forward -L " + socket + ":/run/tiny-docker/engine.sock lima-tiny-docker");
        assertThat(execute("end", "5").status()).isEqualTo(5);
        assertThat(Files.readAllLines(directory.resolve("ssh-asked"))).hasSize(3);
    }

    @Test
    void aForwardThatCannotBeMadeIsNotTriedAgainAtOnce() throws IOException {
        recorded.in("running");
        forwarded().close();
        assertThat(execute("end", "4").status()).isEqualTo(4);
        assertThat(execute("end", "5").status()).isEqualTo(5);
        assertThat(shells()).isEqualTo(2);
        assertThat(Files.readAllLines(directory.resolve("ssh-asked"))).hasSize(1);
        // Nothing is deleted that is no socket of ours.
        Files.delete(socket);
        Files.writeString(socket, "mine");
        serve(recorded.ctl(), 0, false);
        assertThat(execute("end", "6").status()).isEqualTo(6);
        assertThat(socket).hasContent("mine");
    }

    @Test
    void withoutAnSshTheOtherWayIsTaken() throws IOException {
        recorded.in("running");
        serve(recorded.ctl(), 0, false);
        Files.delete(directory.resolve("ssh"));
        forwarded().close();
        assertThat(execute("end", "4").status()).isEqualTo(4);
        assertThat(shells()).isEqualTo(1);
    }

    @Test
    void aSocketThatOnlyTakesConnectionsIsPassedBy() throws IOException {
        recorded.in("running");
        try (StandInEngine dead = new StandInEngine(socket, false)) {
            assertThat(execute("end", "4").status()).isEqualTo(4);
            assertThat(dead.requests).isEmpty();
        }
        assertThat(engine.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void wordsDirectoryAndVariablesArriveAsTheyAre(boolean quick) throws IOException, InterruptedException {
        recorded.in("running");
        if (quick) {
            Files.createSymbolicLink(socket, directory.resolve("guest/engine.sock"));
        }
        List<String> words = List.of("run", "-e", "SECRET", "-e", "OTHER=1", "busybox", "a b", "'", "\"$x`y`\\", "1\n2", "",
                "*", "-v", "/tmp:/x", "-e", "HOME");
        assertThat(execute(words.toArray(String[]::new)).status()).isZero();
        Request request = asked();
        assertThat(request.argv()).isEqualTo(words);
        assertThat(request.cwd()).isEqualTo(recorded.workspace().toString());
        assertThat(request.env()).isEqualTo(Map.of("SECRET", "a 'b'\n$d", "TERM", "vt100", "DOCKER_CONFIG", "/root/.docker"));
        assertThat(shells()).isEqualTo(quick ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void inputSignalsSizesAndTheEndOfAClientArrive(boolean quick) throws IOException, InterruptedException {
        recorded.in("running");
        if (quick) {
            Files.createSymbolicLink(socket, directory.resolve("guest/engine.sock"));
        }
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("wait"))) {
            Frame credit = channel.receive();
            assertThat(credit).isEqualTo(Frame.of(FrameType.CREDIT, 100));
            channel.send(Frame.of(FrameType.STDIN, "a\0\u00ff".getBytes(StandardCharsets.ISO_8859_1)),
                    Frame.resize(50, 200), Frame.of(FrameType.SIGNAL, 15), Frame.of(FrameType.STDIN_EOF));
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("STDIN a\0\u00ff");
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS))
                    .isEqualTo("RESIZE " + new String(new char[] { 0, 50, 0, 200 }));
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("SIGNAL \0\0\0\u000f");
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("STDIN_EOF ");
        }
        assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isIn("hung up", "broken");
    }

    @Test
    void aMachineThatStopsMeanwhileIsSaid() throws IOException {
        recorded.in("running");
        try (StandInEngine _ = forwarded();
                FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("wait"))) {
            channel.receive();
            recorded.in("stopped");
            // The engine there answers to nothing but this: the connection is cut off.
            channel.send(new Frame(FrameType.REQUEST, cut()));
            assertThat(HostClient.end(channel)).isEqualTo(new HostClient.Ended(125, "", "cannot finish the command: Lima "
                    + "instance \"tiny-docker\" is not running; start it: 'tiny vm start'\n"));
        }
    }

    @Test
    void whatServesClientsSaysThatItEnds() throws IOException {
        recorded.in("running");
        try (StandInEngine _ = forwarded();
                FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("wait"))) {
            assertThat(channel.receive()).isEqualTo(Frame.of(FrameType.CREDIT, 100));
            client.close();
            assertThat(HostClient.end(channel)).isEqualTo(new HostClient.Ended(125, "", "cannot finish the command: the "
                    + "engine was told to end; containers run on\n"));
        }
    }

    private static ByteBuffer cut() {
        return new Request(1, List.of("cut"), "/", Map.of(), new Request.Terminal(false, false, false, 0, 0)).frame()
                .payload();
    }

    @Test
    void aMachineThatIsToldToStopIsSaidThoughItStillRuns() throws IOException {
        recorded.in("running");
        Files.writeString(instance.resolve("ha.stderr.log"),
                "{\"level\":\"info\",\"msg\":\"Received SIGINT, shutting down the host agent\"}\n");
        assertThat(execute("cut")).isEqualTo(new HostClient.Ended(125, "", "cannot finish the command: Lima instance "
                + "\"tiny-docker\" is stopping; start it again: 'tiny vm start'\n"));
    }

    /** It may wait for what is about to end. */
    @Test
    void whoseConnectionIsLostDoesNotWaitForLimactl() throws IOException {
        recorded.in("running");
        StandInEngine forwarded = forwarded();
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("wait"))) {
            assertThat(channel.receive()).isEqualTo(Frame.of(FrameType.CREDIT, 100));
            recorded.says("hangs", "");
            forwarded.close();
            Instant lost = Instant.now();
            channel.send(new Frame(FrameType.REQUEST, cut()));
            assertThat(HostClient.end(channel)).isEqualTo(new HostClient.Ended(125, "", "cannot finish the command: the "
                    + "connection to the virtual machine was lost; a container that was started runs on, see 'tiny ps'\n"));
            assertThat(Duration.between(lost, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void whoDoesNotWaitForAStartFindsNothingStarted() throws IOException {
        recorded.in("stopped").says("slow", "");
        serve(recorded.ctl(), 1, true);
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("end", "0"))) {
            assertThat(channel.receive()).isNotNull().extracting(Frame::type).isEqualTo(FrameType.STDERR);
            Awaitility.await().until(() -> recorded.asked().contains(START));
            // The window has changed, and he has been away for a while: Ctrl-Z, fg.
            channel.send(Frame.resize(50, 200), Frame.of(FrameType.SIGNAL, 18));
            channel.send(Frame.of(FrameType.SIGNAL, 2));
            assertThat(HostClient.end(channel)).isEqualTo(new HostClient.Ended(130, "", ""));
        }
        assertThat(recorded.asked()).endsWith("--tty=false stop -f tiny-docker");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void whatIsSentBeforeTheMachineRunsArrivesInOrder() throws IOException, InterruptedException {
        recorded.in("stopped").answer("after-start", "list-running");
        serve(recorded.ctl(), 1, true);
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("wait"))) {
            channel.send(Frame.resize(50, 200), Frame.of(FrameType.SIGNAL, 18));
            assertThat(channel.receive()).isNotNull().extracting(Frame::type).isEqualTo(FrameType.STDERR);
            assertThat(channel.receive()).isEqualTo(Frame.of(FrameType.CREDIT, 100));
            channel.send(Frame.of(FrameType.STDIN_EOF));
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).startsWith("RESIZE");
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("SIGNAL \0\0\0\u0012");
            assertThat(engine.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("STDIN_EOF ");
        }
    }

    @Test
    void aConnectionThatIsLostIsSaid() throws IOException {
        recorded.in("running");
        assertThat(execute("cut")).isEqualTo(new HostClient.Ended(125, "", "cannot finish the command: the connection to "
                + "the virtual machine was lost; a container that was started runs on, see 'tiny ps'\n"));
    }

    @Test
    void aStoppedInstanceIsStartedWhereThatIsConfigured() throws IOException {
        recorded.in("stopped").says("after-start", Files.readString(Path.of("src/test/lima/recorded/list-running-"
                + RecordedLima.VERSION)).replace("/tmp/tiny-lima", directory.toString()));
        serve(recorded.ctl(), 1, true);
        HostClient.Ended ended = execute("end", "7");
        assertThat(ended).isEqualTo(new HostClient.Ended(7, "out\n",
                "tiny: starting the virtual machine \"tiny-docker\"\nerr\n"));
        assertThat(recorded.asked()).containsOnlyOnce(START);
    }

    @Test
    void ofAStartThatFailsItsLastWordIsSaid() throws IOException {
        recorded.in("stopped").says("start", """
                ---
                time="2026-11-24T03:06:33Z" level=info msg="Using the existing instance \\"tiny-docker\\""
                time="2026-11-24T03:06:34Z" level=warning msg="a warning"
                time="2026-11-24T03:06:35Z" level=fatal msg="did not receive an event with the \\"running\\" status"
                ---
                1
                """);
        assertThat(execute("vm", "start").err()).isEqualTo("cannot start the virtual machine \"tiny-docker\": did not "
                + "receive an event with the \"running\" status; see 'tiny doctor'\n");
    }

    @Test
    void theMachineItselfIsStartedStoppedAndDeleted() throws IOException {
        recorded.in("stopped").says("after-start", Files.readString(Path.of("src/test/lima/recorded/list-running-"
                + RecordedLima.VERSION)).replace("/tmp/tiny-lima", directory.toString()));
        assertThat(execute("vm", "status")).isEqualTo(new HostClient.Ended(1,
                "Lima instance \"tiny-docker\" is not running; start it: 'tiny vm start'\n", ""));
        assertThat(execute("vm", "start").out()).startsWith("Lima instance \"tiny-docker\" is running\nthe engine does "
                + "not answer at " + socket + ": ").endsWith("; commands take the slower way\n");
        try (StandInEngine _ = forwarded()) {
            assertThat(execute("vm", "status")).isEqualTo(new HostClient.Ended(0, "Lima instance \"tiny-docker\" is "
                    + "running\nthe engine answers at " + socket + "\n", ""));
        }
        assertThat(execute("vm", "stop").status()).isZero();
        assertThat(execute("vm", "delete").err()).isEqualTo("cannot delete the virtual machine: all containers and images "
                + "in it go with it; -f says that it is meant\n");
        assertThat(execute("vm", "delete", "-f").status()).isZero();
        assertThat(execute("vm", "restart")).isEqualTo(new HostClient.Ended(1, "", "cannot execute 'vm restart': there is no "
                + "such command; did you mean 'vm start'?\n"));
        assertThat(execute("vm").err()).isEqualTo("cannot execute 'vm': it is no whole command; there are 'vm delete', 'vm "
                + "shell', 'vm start', 'vm status', 'vm stop'\n");
        assertThat(execute("vm", "shell").err()).contains("give 'tiny vm shell' outside of this prompt");
        assertThat(recorded.asked()).filteredOn(words -> words.startsWith("--tty=false")).containsExactly(
                "--tty=false start --timeout=15m tiny-docker", "--tty=false stop tiny-docker",
                "--tty=false delete -f tiny-docker");
    }

    @Test
    void doctorLooksAtTheRootFileSystemThatIsNamed() throws IOException {
        recorded.in("running");
        for (List<String> words : List.of(List.of("doctor", "--rootfs", "none"), List.of("doctor", "--rootfs=none"))) {
            HostClient.Ended ended = execute(words.toArray(String[]::new));
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.out()).contains("ok       the instance exists\n", "problem  rootfs \"none\" is not accessible "
                    + "inside Lima: ensure the workspace is shared with the VM  — shared are '" + recorded.workspace() + "'\n");
        }
        assertThat(execute("doctor", "--rootfs").err()).isEqualTo("cannot use '--rootfs' with 'doctor': its value is missing; "
                + "give a DIR after it\n");
        assertThat(execute("doctor", "--rootfs=").err()).startsWith("cannot use '--rootfs' with 'doctor': it names no "
                + "directory");
        assertThat(execute("doctor", "all")).isEqualTo(new HostClient.Ended(1, "", "cannot execute 'doctor': it takes no "
                + "arguments; write 'doctor [OPTIONS]'\n"));
    }

    @Test
    void whatIsSharedIsNamedAsTheMachineSeesIt() throws IOException, InterruptedException {
        recorded.in("running");
        String workspace = recorded.workspace().toString();
        execute("run", "--rootfs", "rootfs", "-v", "./a:/a:ro", "busybox");
        assertThat(asked().argv()).containsExactly("run", "--rootfs", workspace + "/rootfs", "-v", workspace + "/a:/a:ro",
                "busybox");
        recorded.says("list", kept("list").replace("\"mountPoint\":\"" + workspace, "\"mountPoint\":\"/seen"));
        execute("cp", "web:/etc/hosts", "sub/hosts");
        assertThat(asked().argv()).containsExactly("cp", "web:/etc/hosts", "/seen/sub/hosts");
    }

    @Test
    void whatIsCopiedKeepsItsNameAndItsEnd() throws IOException, InterruptedException {
        recorded.in("running");
        Path workspace = recorded.workspace();
        Files.createDirectories(workspace.resolve("dir"));
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("dir"));
        Files.createSymbolicLink(workspace.resolve("out"), directory);
        for (List<String> words : List.of(List.of(".", "/."), List.of("dir/.", "/dir/."), List.of("link", "/link"),
                List.of("link/", "/link/"), List.of("link/.", "/dir/."), List.of(workspace.toString(), ""),
                List.of("link/a", "/dir/a"), List.of("out", "/out"))) {
            execute("cp", words.getFirst(), "web:/app");
            assertThat(asked().argv()).containsExactly("cp", workspace + words.getLast(), "web:/app");
        }
        execute("cp", "-aL", "link", "web:/app");
        assertThat(asked().argv()).containsExactly("cp", "-aL", workspace + "/link", "web:/app");
        execute("cp", "web:/app", "newdir/");
        assertThat(asked().argv()).containsExactly("cp", "web:/app", workspace + "/newdir/");
        execute("cp", "web:/app", "link");
        assertThat(asked().argv()).containsExactly("cp", "web:/app", workspace + "/dir");
        // Where a link is followed in the machine, it would lead to what is in there.
        for (List<String> words : List.of(List.of("-L", "out", "web:/app"), List.of("out/", "web:/app"),
                List.of("web:/app", "out"), List.of("out/opt", "web:/app"))) {
            List<String> all = new ArrayList<>(words);
            all.addFirst("cp");
            assertThat(execute(all.toArray(String[]::new)).err()).contains("is not accessible inside Lima");
        }
        assertThat(engine.requests).isEmpty();
    }

    /** In the machine, it would be followed to what is in there. */
    @Test
    void aLinkThatLeadsToNothingStandsForWhereItLeads() throws IOException, InterruptedException {
        recorded.in("running");
        Path workspace = recorded.workspace();
        Files.createSymbolicLink(workspace.resolve("new"), Path.of("sub/../made"));
        Files.createSymbolicLink(workspace.resolve("twice"), workspace.resolve("new"));
        Files.createSymbolicLink(workspace.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(workspace.resolve("out"), directory.resolve("nowhere"));
        Files.createSymbolicLink(workspace.resolve("up"), Path.of("../nowhere"));
        for (List<String> words : List.of(List.of("new", "/made"), List.of("twice", "/made"), List.of("twice/in", "/made/in"),
                List.of("loop", "/loop"))) {
            execute("cp", "web:/app", words.getFirst());
            assertThat(asked().argv()).containsExactly("cp", "web:/app", workspace + words.getLast());
        }
        // As a source it is itself, unless it is followed.
        execute("cp", "out", "web:/app");
        assertThat(asked().argv()).containsExactly("cp", workspace + "/out", "web:/app");
        execute("cp", "-L", "new", "web:/app");
        assertThat(asked().argv()).containsExactly("cp", "-L", workspace + "/new", "web:/app");
        for (String link : List.of("out", "up", "out/in")) {
            assertThat(execute("cp", "web:/app", link).err()).contains("cp \"" + link + "\" is not accessible inside Lima",
                    "; '" + directory + "/nowhere");
        }
        assertThat(execute("cp", "-L", "out", "web:/app").err()).contains("is not accessible inside Lima");
        assertThat(execute("save", "-o", "up", "busybox").err()).contains("is not accessible inside Lima");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void whatIsNotSharedIsRefusedBeforeAnythingIsDone() throws IOException {
        recorded.in("running");
        HostClient.Ended ended = execute("run", "--rootfs", "/opt/rootfs", "sh");
        assertThat(ended.status()).isEqualTo(125);
        assertThat(ended.err()).isEqualTo("cannot use it in the virtual machine: rootfs \"/opt/rootfs\" is not accessible "
                + "inside Lima: ensure the workspace is shared with the VM; '/opt/rootfs' is in none of '"
                + recorded.workspace() + "'\n");
        assertThat(engine.requests).isEmpty();
        Files.createSymbolicLink(recorded.workspace().resolve("out"), directory);
        assertThat(execute("load", "-i", "out/images.tar").err())
                .contains("input \"out/images.tar\" is not accessible inside Lima");
    }

    @Test
    void aFileOfVariablesNamesSomeOfTheUsersToo() throws IOException, InterruptedException {
        recorded.in("running");
        Files.writeString(recorded.workspace().resolve("names"), "SECRET\nOTHER=1\n");
        execute("run", "--env-file", "names", "busybox");
        Request request = asked();
        assertThat(request.argv()).containsExactly("run", "--env-file", recorded.workspace() + "/names", "busybox");
        assertThat(request.env()).containsEntry("SECRET", "a 'b'\n$d").containsOnlyKeys("SECRET", "TERM", "DOCKER_CONFIG");
    }

    @Test
    void outsideOfWhatIsSharedACommandStartsAtTheTop() throws IOException, InterruptedException {
        recorded.in("running");
        client.execute(directory, Map.of(), "ps");
        assertThat(asked().cwd()).isEqualTo("/");
    }

    /** A shell takes it for a script, and complains of that. */
    @Test
    void aProgramForAnotherMachineIsSaid() throws IOException {
        recorded.in("running");
        boolean arm = ARCH.equals("arm64");
        byte[] program = Files.readAllBytes(Path.of("target/native/" + ARCH + "/tiny"));
        program[18] = (byte) (arm ? 62 : 183);
        Path there = RecordedLima.executable(directory.resolve("opt/target/native/mine/tiny"), "");
        Files.write(there, program);
        Files.writeString(directory.resolve("opt/target/ready"), "mine\n");
        RecordedLima.executable(directory.resolve("opt/tiny"), "#!/bin/sh\nexec " + there + " \"$@\"\n");
        assertThat(execute("ps")).isEqualTo(new HostClient.Ended(125, "", "cannot run in the virtual machine: \"" + there
                + "\" is for " + (arm ? "x86_64, but the virtual machine is aarch64"
                : "aarch64, but the virtual machine is x86_64") + "; 'tiny vm shell sudo rm -r " + directory
                + "/opt/target', then 'tiny setup lima': it is built there\n"));
    }

    @Test
    void aProgramThatIsMissingInThereIsSaid() throws IOException {
        recorded.in("running");
        Files.delete(directory.resolve("opt/tiny"));
        assertThat(execute("ps")).isEqualTo(new HostClient.Ended(125, "", "cannot reach the engine in the virtual machine: "
                + "there is no program \"" + directory.resolve("opt/tiny") + "\" in there; see 'tiny doctor'\n"));
    }
}
