package dev.tinydocker.lima;

import dev.tinydocker.support.HostState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One life of a real virtual machine, which the real limactl boots: from {@code tiny setup lima} to {@code tiny vm delete}.
 * In this order, for it boots slowly.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LimaMachineIT {

    /** One processor: emulated, two of them have waited for each other for ever. */
    private static final String[] SETUP = { "setup", "lima", "--cpus=1", "--memory=2", "--disk=4" };
    private static final int SETUP_SECONDS = 1200;
    private static final int SECONDS = 60;
    private static final int END_SECONDS = 20;
    private static final int GONE_SECONDS = 5;
    private static final int INTERRUPTED = 130;
    private static final int REFUSED = 125;
    private static final int MUCH = 300_000;
    private static final String TICK = "✓ +[0-9.]+ s  ";
    /** A directory and a word as few expect them. */
    private static final String ODD = "a b\nc'd\"e $HOME *";

    @TempDir
    private static Path directory;

    private static HostState before;
    private static RealMachine machine;

    @BeforeAll
    static void make() throws IOException {
        before = new HostState();
        machine = new RealMachine(directory);
    }

    @AfterAll
    static void close() throws IOException {
        if (machine != null) {
            machine.close();
        }
        before.assertUnchanged();
    }

    @Test
    @Order(1)
    void aSetupThatIsInterruptedLeavesNothingRunning() throws Exception {
        RealMachine.Running setup = new RealMachine.Running(machine.tiny(SETUP)).await("the instance exists");
        Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> !machine.processes("qemu-system").isEmpty());
        kill("INT", setup);
        assertThat(setup.end()).isEqualTo(INTERRUPTED);
        assertThat(setup.out()).containsPattern("✗ +[0-9.]+ s  it is running: interrupted; 'tiny setup lima' goes on here");
        // limactl has told them to end; the last of them may still be at it.
        Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> machine.processes("").stream()
                .allMatch(machine.processes("java")::contains));
        assertThat(machine.run("vm", "status").out()).startsWith("Lima instance \"tiny-docker\" is not running");
    }

    private static void kill(String signal, RealMachine.Running command) throws IOException {
        RealLima.finish(new ProcessBuilder("kill", "-" + signal, Long.toString(command.process.pid())), END_SECONDS)
                .orFail();
    }

    @Test
    @Order(2)
    void fromWhereItStoppedToAContainerThatRuns() throws IOException {
        RealLima.Result result = RealLima.finish(machine.tiny(SETUP), SETUP_SECONDS);
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.out().lines()).hasSize(9).allMatch(line -> line.matches(TICK + ".*"))
                .anyMatch(line -> line.endsWith("the instance exists: it did"));
        assertThat(machine.run("vm", "shell", "sh", "-c", "cat /proc/cmdline && nproc").out()).contains("next=/sbin/init").endsWith("\n1\n");
    }

    @Test
    @Order(3)
    void nothingIsInTheWay() throws IOException {
        RealLima.Result result = machine.run("doctor");
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(result.out().lines()).hasSize(7).allMatch(line -> line.startsWith("ok  "));
        assertThat(machine.run("vm", "status").out()).contains("the engine answers at " + machine.instance);
        assertThat(page("http://127.0.0.1:9419/metrics")).contains("jvm_memory_");
    }

    /** What Lima forwards is there some moments after it is listened on in the machine. */
    private static String page(String address) throws IOException {
        URL page = URI.create(address).toURL();
        return Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).ignoreExceptions().until(() -> {
            try (InputStream answer = page.openStream()) {
                return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            }
        }, text -> true);
    }

    @Test
    @Order(4)
    void commandsGoThroughTheForwardedSocket() throws Exception {
        commands();
        assertThat(machine.processes("__frames")).isEmpty();
    }

    @Test
    @Order(5)
    void anEngineThatHasEndedIsStartedByTheNextCommand() throws IOException {
        machine.inside("systemctl stop tiny-docker.service").orFail();
        RealLima.finish(machine.tiny("version"), SETUP_SECONDS).orFail();
        assertThat(machine.inside("readlink /proc/$(systemctl show -P MainPID tiny-docker.service)/fd/0").out())
                .as("its standard input").startsWith("socket:");
    }

    @Test
    @Order(6)
    void aPublishedPortIsTheHostsToo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        machine.run("run", "-d", "--name", "web", "-p", port + ":80", "busybox", "sh", "-c",
                "echo served >/index.html && exec httpd -f -p 80 -h /").orFail();
        assertThat(page("http://127.0.0.1:" + port + "/index.html")).isEqualTo("served\n");
        machine.run("rm", "-f", "web").orFail();
    }

    @Test
    @Order(7)
    void theForwardIsMadeAnewWhereTheConnectionIsLost() throws Exception {
        Path socket = machine.instance.resolve("sock/engine.sock");
        List<ProcessHandle> masters = machine.processes("[mux]");
        assertThat(masters).hasSize(1).allMatch(ProcessHandle::destroyForcibly);
        machine.awaitNoProcess("[mux]");
        assertThat(EnginePing.failure(socket)).isNotEmpty();
        assertThat(machine.run("run", "--rm", "busybox", "echo", "healed").out()).isEqualTo("healed\n");
        assertThat(EnginePing.failure(socket)).isEmpty();
    }

    @Test
    @Order(8)
    void commandsGoThroughLimactlWhereThereIsNoForward() throws Exception {
        // Without it, none can be made.
        Path config = machine.instance.resolve("ssh.config");
        Path away = Files.move(config, config.resolveSibling("away"));
        Files.delete(machine.instance.resolve("sock/engine.sock"));
        try {
            commands();
            assertThat(machine.run("vm", "status").out()).contains("commands take the slower way");
        } finally {
            Files.move(away, config);
        }
        assertThat(machine.run("version").status()).isZero();
        assertThat(EnginePing.failure(machine.instance.resolve("sock/engine.sock"))).isEmpty();
    }

    @Test
    @Order(9)
    void aDiskThatIsFullIsSaidAndNothingIsLost() throws IOException {
        machine.run("run", "--name", "before", "busybox", "sh", "-c", "echo kept >/file").orFail();
        Files.write(machine.workspace.resolve("much.bin"), new byte[MUCH]);
        try {
            machine.inside("fallocate -l $(($(df --output=avail -B1M / | tail -n 1) - 4))M /full && cat /dev/zero >/rest");
            RealLima.Result refused = machine.run("cp", "much.bin", "before:/much");
            assertThat(refused.status()).as(refused.toString()).isNotZero();
            assertThat(refused.err()).startsWith("cannot ").contains("ENOSPC (No space left on device)");
        } finally {
            machine.inside("rm /full /rest").orFail();
        }
        assertThat(machine.run("ps", "-a", "--format", "{{.Names}}").out()).isEqualTo("before\n");
        // A script, which names files as nobody can in the machine.
        Path link = Files.createSymbolicLink(directory.resolve("link"), machine.workspace);
        String script = "cp %1$s/much.bin before:/much\ncp before:/file %1$s/back\nrm before\n".formatted(link);
        machine.run(script.getBytes(StandardCharsets.UTF_8)).orFail();
        assertThat(machine.workspace.resolve("back")).hasContent("kept");
    }

    @Test
    @Order(10)
    void aClockThatIsBehindIsNoObstacle() throws IOException {
        machine.run("run", "-d", "--name", "old", "busybox", "sleep", "1000").orFail();
        // As after the host has slept; Lima sets it right in some seconds.
        machine.inside("date -s '1 hour ago'").orFail();
        assertThat(machine.run("run", "--rm", "busybox", "echo", "hello").out()).isEqualTo("hello\n");
        RealLima.Result listed = machine.run("ps", "--format", "{{.Names}} {{.Status}}");
        assertThat(listed.out()).as(listed.toString()).matches("old Up [0-9a-zA-Z ]+\n");
        Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> Math.abs(Instant.now().getEpochSecond()
                - Long.parseLong(machine.inside("date +%s").out().strip())) < END_SECONDS);
        machine.run("rm", "-f", "old").orFail();
    }

    @Test
    @Order(11)
    void aMachineThatIsStoppedMeanwhileIsSaidAtOnce() throws Exception {
        RealMachine.Running command = new RealMachine.Running(machine.tiny("run", "--name", "kept", "busybox", "sh", "-c",
                "trap 'echo told >>/file; exit 0' TERM; echo kept >/file; echo ready; while :; do sleep 0.1; done"))
                .await("ready");
        Instant asked = Instant.now();
        RealMachine.Running stop = new RealMachine.Running(machine.tiny("vm", "stop"));
        assertIsToldInTime(command, asked);
        assertThat(stop.end()).isZero();
        // Containers are stopped first, or it would wait for what is left of them.
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(SECONDS));
    }

    @Test
    @Order(12)
    void aMachineThatIsStoppedIsStartedWhereThatIsConfigured() throws Exception {
        machine.endRelay();
        RealLima.Result refused = RealLima.finish(machine.tiny(Map.of("TINY_LIMA_START", "false"), "ps"), END_SECONDS);
        assertThat(refused).isEqualTo(new RealLima.Result(REFUSED, "", "cannot run in the virtual machine: Lima instance "
                + "\"tiny-docker\" is not running; start it: 'tiny vm start'\n"));
        machine.endRelay();
        RealMachine.Running impatient = new RealMachine.Running(machine.tiny("ps")).await("starting the virtual machine");
        Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> !machine.processes("qemu-system").isEmpty());
        kill("INT", impatient);
        assertThat(impatient.end()).isEqualTo(INTERRUPTED);
        machine.awaitNoProcess("qemu-system");
        RealLima.Result started = RealLima.finish(machine.tiny("cp", "kept:/file", "there"), SETUP_SECONDS);
        assertThat(started.status()).as(started.toString()).isZero();
        assertThat(started.err()).startsWith("tiny: starting the virtual machine \"tiny-docker\"\n");
        assertThat(machine.workspace.resolve("there")).hasContent("kept\ntold\n");
        assertThat(machine.run("ps", "-a", "--format", "{{.Names}} {{.Status}}").out()).startsWith("kept Exited (0)");
        assertThat(machine.inside("ls /opt/tiny-docker").out()).as("what is the user's own").doesNotContain("much.bin");
    }

    private static void assertIsToldInTime(RealMachine.Running command, Instant gone) throws InterruptedException {
        assertThat(command.end()).isEqualTo(REFUSED);
        assertThat(Duration.between(gone, Instant.now())).isLessThan(Duration.ofSeconds(GONE_SECONDS));
        assertThat(command.out()).containsPattern("cannot finish the command: Lima instance \"tiny-docker\" is "
                + "(stopping|not running|broken.*);");
    }

    @Test
    @Order(13)
    void aMachineThatIsGoneMeanwhileIsSaidOnTheOtherWayToo() throws Exception {
        Path config = machine.instance.resolve("ssh.config");
        Path away = Files.move(config, config.resolveSibling("away"));
        Files.delete(machine.instance.resolve("sock/engine.sock"));
        RealMachine.Running command = new RealMachine.Running(machine.tiny("run", "--rm", "busybox", "sh", "-c",
                "echo ready; exec sleep 1000")).await("ready");
        Instant gone = Instant.now();
        assertThat(machine.processes("qemu-system")).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);
        assertIsToldInTime(command, gone);
        Files.move(away, config);
    }

    /** What must be the same on both ways. */
    private static void commands() throws Exception {
        assertThat(machine.run("run", "--rm", "busybox", "echo", "hello")).extracting(RealLima.Result::out)
                .isEqualTo("hello\n");
        RealLima.Result ended = machine.run("run", "--rm", "-e", "TERM=odd", "busybox", "sh", "-c",
                "echo out; echo err >&2; exit 7");
        assertThat(ended).isEqualTo(new RealLima.Result(7, "out\n", "err\n"));
        assertThat(machine.run(new byte[MUCH], "run", "-i", "--rm", "busybox", "wc", "-c").out()).isEqualTo(MUCH + "\n");
        words();
        signals();
        assertThat(RealLima.finish(machine.atTerminal("stty rows 33 cols 77; ./tiny run --rm -t busybox stty size"), SECONDS)
                .orFail().out()).contains("33 77");
    }

    private static void words() throws IOException {
        Path odd = RealLima.open(machine.workspace.resolve(ODD));
        Files.writeString(odd.resolve("here"), "of the host");
        List<String> words = new ArrayList<>(List.of("run", "--rm", "-v", ".:/shared", "busybox", "sh", "-c",
                "cat /shared/here; printf '<%s>' \"$@\" >/shared/there", "sh"));
        words.addAll(List.of(ODD, "", "~", "\\"));
        RealLima.Result result = RealLima.finish(machine.tiny(odd, words.toArray(String[]::new)), SETUP_SECONDS);
        assertThat(result.out()).as(result.toString()).isEqualTo("of the host");
        assertThat(odd.resolve("there")).hasContent("<" + ODD + "><><~><\\>");
        Files.delete(odd.resolve("there"));
    }

    private static void signals() throws Exception {
        RealMachine.Running running = new RealMachine.Running(machine.tiny("run", "--rm", "busybox", "sh", "-c",
                "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.1; done")).await("ready");
        kill("TERM", running);
        assertThat(running.end()).isEqualTo(9);
        assertThat(running.out()).endsWith("told\n");
    }
}
