package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Known ways out of a container, each tried from inside one that was started without any option, and seen to fail;
 * where that is safe, the same attempt gets through once the walls are down, so that it is known to be one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EscapesKernelIT {

    private static final int REFUSED = 1;
    private static final int KILLED = 137;

    @TempDir
    static Path directory;

    private Path tree;
    private Tiny tiny;

    @BeforeAll
    void begin() throws IOException {
        tree = Files.createDirectory(directory.resolve("tree"));
        BusyboxTree.make(tree);
        Commands.run("gcc", "-static", "-O1", "-D_GNU_SOURCE", "-Wall", "-Werror", "-o",
                tree.resolve("bin/escape").toString(), "src/test/c/escape/escape.c");
        tiny = new Tiny(directory).with("TINY_METRICS_PORT", "0");
        tiny.ok("run", "-d", "--name", "walled", "--rootfs", tree.toString(), "sleep", "1000");
        tiny.ok("run", "-d", "--name", "open", "--privileged", "--rootfs", tree.toString(), "sleep", "1000");
    }

    @AfterAll
    void end() throws IOException {
        tiny.close();
        tiny.awaitNothingLeft();
        Commands.run("rm", "-rf", tiny.data.toString(), tree.toString());
    }

    private Tiny.Result run(String... words) throws IOException {
        return tiny.tiny(Stream.of(List.of("run", "--rm"), List.of(words)).flatMap(List::stream)
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = { "core_pattern", "release_agent", "keyctl", "mknod", "proc_1_root", "unshare_mount",
            "unshare_users", "remount", "umount", "open_by_handle", "syslog", "settime", "bpf" })
    void whatGetsThroughWithoutWallsIsRefusedWithThem(String attempt) throws IOException {
        assertThat(tiny.tiny("exec", "open", "escape", attempt)).as("without walls")
                .extracting(Tiny.Result::status, Tiny.Result::out).containsExactly(0, "through\n");
        Tiny.Result walled = tiny.tiny("exec", "walled", "escape", attempt);
        assertThat(walled.out()).startsWith("refused: ");
        assertThat(walled.status()).isEqualTo(REFUSED);
    }

    /** What would be felt on this host, or what no option gives. */
    @ParameterizedTest
    @ValueSource(strings = { "sysrq", "ptrace", "kill" })
    void whatNobodyMayTryIsRefused(String attempt) throws IOException {
        String ours = Long.toString(ProcessHandle.current().pid());
        assertThat(tiny.tiny("exec", "walled", "escape", attempt, ours)).extracting(Tiny.Result::status)
                .isEqualTo(REFUSED);
    }

    /** What a program types, it types at its own terminal; at the user's, who started it there, nobody reads it. */
    @Test
    void whatAProgramTypesIsNotTypedAtTheUsersTerminal() throws Exception {
        String run = Tiny.HOME.resolve("tiny") + " run -it --rm --net none --rootfs " + tree + " escape tiocsti";
        assertThat(readAfter(run)).contains("\ngot done\n");
        String alone = readAfter(tree.resolve("bin/escape") + " tiocsti");
        // Where the kernel lets nobody do it, there is nothing to be seen without walls either.
        assertThat(alone).as("without").contains(alone.contains("through") ? "\ngot xdone\n" : "\ngot done\n");
    }

    /** The screen of a terminal, where a command is followed by one that reads the next line. */
    private String readAfter(String command) throws Exception {
        terminal("open", command + "; echo ended; read -r line; echo got $line");
        try {
            terminal("await", "^ended$");
            terminal("type", "done");
            terminal("await", "^got ");
            return terminal("screen");
        } finally {
            terminal("close");
        }
    }

    private String terminal(String... words) throws Exception {
        Tiny.Result result = Tiny.finish(tiny.with("T", directory.toString()).start(Stream.concat(
                Stream.of(Tiny.HOME.resolve("src/test/acceptance/terminal").toString()), Stream.of(words)).toList()));
        assertThat(result.status()).as("%s %s", String.join(" ", words), result.err()).isZero();
        return result.out();
    }

    /** Nor with this host's users, whom mknod(2) is not refused to. */
    @Test
    void theHostsDiskIsNeitherReadNorMounted() throws IOException {
        List<Path> disks;
        try (Stream<Path> blocks = Files.list(Path.of("/sys/block"))) {
            disks = blocks.sorted(Comparator.comparing(EscapesKernelIT::isReadable).reversed()).toList();
        }
        String disk = Files.readString(disks.getFirst().resolve("dev")).strip();
        assertThat(tiny.tiny("exec", "walled", "escape", "disk", disk).status()).isEqualTo(REFUSED);
        assertThat(run("--userns=host", "--rootfs", tree.toString(), "escape", "disk", disk).status()).isEqualTo(REFUSED);
        assertThat(run("--userns=host", "--cap-add", "SYS_ADMIN", "--rootfs", tree.toString(), "escape", "disk", disk)
                .status()).as("who may mount").isEqualTo(REFUSED);
        // Where this very process may not, being in a container too, nobody in there may.
        if (isReadable(disks.getFirst())) {
            assertThat(tiny.tiny("exec", "open", "escape", "disk", disk).out()).as("without walls").isEqualTo("through\n");
        }
    }

    /** Its number is open to all containers of Docker's. */
    @Test
    void theHostsConsoleDoesNotOpen() throws IOException {
        String[] attempt = { "--userns=host", "--rootfs", tree.toString(), "escape", "console" };
        assertThat(run(attempt).out()).isEqualTo("refused: Operation not permitted\n");
        Tiny.Result asked = run(Stream.concat(Stream.of("--device-cgroup-rule", "c 5:1 r"), Stream.of(attempt))
                .toArray(String[]::new));
        // Where there is no console behind it, nobody opens it.
        assertThat(asked.out()).as("with its rule").isIn("through\n", "refused: No such device\n");
    }

    private static boolean isReadable(Path block) {
        try (InputStream in = Files.newInputStream(Path.of("/dev").resolve(block.getFileName()))) {
            return in.readNBytes(512).length == 512;
        } catch (IOException e) {
            return false;
        }
    }

    /** A container may send what it wants on its own link; what is meant for the host alone does not arrive. */
    @Test
    void packetsOfItsOwnMakingDoNotReachWhatListensOnTheHostsLo() throws IOException {
        String own = tiny.ok("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "walled").strip();
        String gateway = tiny.ok("inspect", "-f", "{{.NetworkSettings.Gateway}}", "walled").strip();
        try (DatagramSocket lo = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                DatagramSocket bridge = new DatagramSocket(lo.getLocalPort(), InetAddress.getByName(gateway))) {
            for (String forged : List.of(own + ">127.0.0.1", "127.0.0.1>127.0.0.1", "127.0.0.1>" + gateway)) {
                tiny.ok("exec", "walled", "escape", "raw", forged + ":" + lo.getLocalPort());
            }
            tiny.ok("exec", "walled", "escape", "raw", own + ">" + gateway + ":" + lo.getLocalPort());
            assertThat(received(bridge)).as("sent as it may be").isEqualTo("raw from " + own);
            lo.send(new DatagramPacket("host".getBytes(StandardCharsets.US_ASCII), 4, lo.getLocalSocketAddress()));
            assertThat(received(lo)).as("the first that comes").isEqualTo("host from 127.0.0.1");
        }
    }

    private static String received(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(10_000);
        DatagramPacket packet = new DatagramPacket(new byte[4], 4);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII).replace("\0", "") + " from "
                + packet.getAddress().getHostAddress();
    }

    @Test
    void rootInsideIsNobodyOutside() throws IOException {
        long pid = Long.parseLong(tiny.ok("inspect", "-f", "{{.State.Pid}}", "walled").strip());
        assertThat((Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).isGreaterThan(65536);
        assertThat(tiny.ok("exec", "walled", "id", "-u")).isEqualTo("0\n");
    }

    @Test
    void noDescriptorOfTheEngineIsLeft() throws IOException {
        // The fourth is the directory that is being listed.
        assertThat(tiny.ok("run", "--rm", "--rootfs", tree.toString(), "sh", "-c", "ls /proc/self/fd | tr '\n' ' '"))
                .isEqualTo("0 1 2 3 ");
        assertThat(tiny.ok("exec", "walled", "sh", "-c", "ls /proc/self/fd | tr '\n' ' '")).isEqualTo("0 1 2 3 ");
    }

    /** The program that enters the container to execute another is seen from inside, and not to be opened. */
    @Test
    void theShimIsNotToBeOverwrittenFromInside() throws IOException {
        assertThat(run("--userns=host", "--rootfs", tree.toString(), "-d", "--name", "hunter", "sh", "-c",
                "while true; do for p in /proc/[0-9]*; do case $(readlink $p/exe) in *tiny-shim*) "
                        + "(echo x >>$p/exe) 2>/dev/null && echo overwritten;; esac; done; done").status()).isZero();
        for (int i = 0; i < 20; i++) {
            tiny.ok("exec", "hunter", "true");
        }
        assertThat(tiny.ok("logs", "hunter")).doesNotContain("overwritten");
        tiny.ok("rm", "-f", "hunter");
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            assertThat(processes.filter(process -> Files.exists(process.resolve("exe")))
                    .map(EscapesKernelIT::program).filter(program -> program.contains("tiny-shim")).toList())
                    .isNotEmpty().allMatch(program -> program.startsWith("/memfd:"));
        }
    }

    private static String program(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("exe")).toString();
        } catch (IOException e) {
            // It has ended while we looked.
            return "";
        }
    }

    @Test
    void linksInTheRootLeadNoMountOutOfIt() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path hostile = Files.createDirectory(directory.resolve("hostile"));
        BusyboxTree.make(hostile);
        Files.createSymbolicLink(hostile.resolve("abs"), outside);
        Files.createSymbolicLink(hostile.resolve("up"), Path.of("../../../../../../../.." + outside));
        Files.createSymbolicLink(hostile.resolve("magic"), Path.of("/proc/self/cwd"));
        for (String link : List.of("abs", "up", "magic")) {
            run("--rootfs", hostile.toString(), "--tmpfs", "/" + link + "/made", "-w", "/" + link + "/dir", "touch",
                    "file");
        }
        assertThat(outside).isEmptyDirectory();
        Commands.run("rm", "-rf", hostile.toString());
    }

    @Test
    void theEngineIsOutOfReach() throws IOException {
        assertThat(tiny.tiny("exec", "walled", "ls", tiny.run.toString()).status()).isNotZero();
        String port = tiny.ok("info").lines().filter(line -> line.contains("/metrics")).findFirst().orElseThrow()
                .replaceFirst(".*:([0-9]+)/metrics.*", "$1");
        assertThat(tiny.tiny("exec", "walled", "sh", "-c", "timeout 10 wget -q -O - http://$(ip route | sed -n "
                + "'s/^default via \\([0-9.]*\\).*/\\1/p'):" + port + "/metrics").err()).contains("refused");
        tiny.tiny("exec", "walled", "sh", "-c", "kill -9 -1");
        assertThat(tiny.ok("exec", "walled", "echo", "its shim lives")).isEqualTo("its shim lives\n");
    }

    /** The wall behind the others, each of which is taken away first. */
    @Test
    void whatComesThroughTheOtherWallsIsKeptInByLandlock() throws Exception {
        assertThat(run("--security-opt", "seccomp=unconfined", "--rootfs", tree.toString(), "escape", "nested_mount")
                .status()).isEqualTo(REFUSED);
        assertThat(run("--security-opt", "seccomp=unconfined", "--security-opt", "landlock=unconfined", "--rootfs",
                tree.toString(), "escape", "nested_mount").out()).as("without").isEqualTo("through\n");
        assertThat(withGiven("descriptor").status()).isEqualTo(REFUSED);
        assertThat(withGiven("descriptor", "--security-opt", "landlock=unconfined").out()).as("without")
                .isEqualTo("through\n");
    }

    /** What a container gets through a socket that it was given in a directory. */
    private Tiny.Result withGiven(String attempt, String... options) throws Exception {
        Path shared = Files.createTempDirectory(directory, "shared");
        Process giver = new ProcessBuilder(tree.resolve("bin/escape").toString(), "give", shared + "/s").start();
        try (var out = giver.inputReader()) {
            assertThat(out.readLine()).isEqualTo("listening");
            return run(Stream.of(List.of(options), List.of("-v", shared + ":/shared", "--rootfs", tree.toString(),
                    "escape", attempt, "/shared/s")).flatMap(List::stream).toArray(String[]::new));
        } finally {
            giver.destroy();
        }
    }

    @Test
    void abstractSocketsOfTheHostAreOutOfReachInItsNetwork() throws Exception {
        tiny.ok("run", "-d", "--name", "there", "--net", "host", "--rootfs", tree.toString(), "sleep", "1000");
        tiny.ok("run", "-d", "--name", "joined", "--net", "container:there", "--rootfs", tree.toString(), "sleep",
                "1000");
        assertThat(knock("run", "--rm", "--net", "host", "--rootfs", tree.toString())).isEqualTo(REFUSED);
        assertThat(knock("run", "--rm", "--net", "container:there", "--rootfs", tree.toString())).isEqualTo(REFUSED);
        assertThat(knock("exec", "joined")).isEqualTo(REFUSED);
        tiny.ok("rm", "-f", "joined", "there");
        assertThat(knock("run", "--rm", "--net", "host", "--security-opt", "landlock=unconfined", "--rootfs",
                tree.toString())).as("without").isZero();
    }

    /** What a container's program says that has connected to an abstract socket of a program outside. */
    private int knock(String... command) throws Exception {
        String name = "@escape-" + tiny.run.hashCode();
        Process host = new ProcessBuilder(tree.resolve("bin/escape").toString(), "give", name).start();
        try (var out = host.inputReader()) {
            assertThat(out.readLine()).isEqualTo("listening");
            return tiny.tiny(Stream.concat(Stream.of(command), Stream.of("escape", "abstract", name))
                    .toArray(String[]::new)).status();
        } finally {
            host.destroy();
        }
    }

    @Test
    void whatProgramsDoWithFilesGoesOnBehindAllWalls() throws IOException {
        assertThat(tiny.ok("exec", "walled", "escape", "usual")).isEqualTo("through\n");
        assertThat(tiny.ok("run", "--rm", "--rootfs", tree.toString(), "escape", "usual")).isEqualTo("through\n");
        assertThat(tiny.ok("exec", "walled", "kill", "-0", "1")).as("signals within").isEmpty();
    }

    @Test
    void aLinkThatIsSwappedForAMountsTargetLeadsNowhere() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("race"));
        Path outside = Files.createDirectory(directory.resolve("untouched"));
        Files.createDirectory(shared.resolve("place"));
        Files.createSymbolicLink(shared.resolve("link"), outside);
        Files.createFile(shared.resolve("go"));
        tiny.ok("run", "-d", "--name", "swapper", "-v", shared + ":/shared", "--rootfs", tree.toString(), "escape",
                "swap",
                "/shared");
        for (int i = 0; i < 25; i++) {
            Tiny.Result raced = run("-v", shared + ":/shared", "--tmpfs", "/shared/place/made", "--rootfs",
                    tree.toString(), "-w", "/shared/place/directory", "touch", "file");
            // The directory to start in may be gone between its making and the entering, which is 127.
            assertThat(raced.status()).isIn(0, 1, 125, 126, 127);
        }
        assertThat(outside).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("untouched");
        Files.delete(shared.resolve("go"));
        assertThat(tiny.ok("wait", "swapper")).isEqualTo("0\n");
        tiny.ok("rm", "swapper");
    }

    @Test
    void aForkBombStopsAtTheLimit() throws IOException {
        Tiny.Result bomb = run("--rootfs", tree.toString(), "--pids-limit", "60", "sh", "-c",
                "i=0; while [ $i -lt 200 ]; do sleep 5 & i=$((i + 1)); done; echo never");
        assertThat(bomb.out()).doesNotContain("never");
        assertThat(bomb.err()).contains("fork");
        assertThat(tiny.ok("run", "--rm", "--rootfs", tree.toString(), "echo", "fine")).isEqualTo("fine\n");
        assertThat(tiny.ok("exec", "walled", "sh", "-c", "cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max "
                + "2>/dev/null || true")).as("without being asked").isEqualTo("4096\n");
    }

    @Test
    void aMemoryBombKillsItselfOnly() throws IOException {
        // By SIGKILL of the kernel's, and nobody else with it.
        assertThat(run("--rootfs", tree.toString(), "-m", "32m", "sh", "-c",
                "tail -c 100m /dev/zero >/dev/null; echo ended with $?").out()).isEqualTo("ended with " + KILLED + "\n");
        assertThat(tiny.ok("exec", "open", "echo", "fine")).isEqualTo("fine\n");
    }

    @Test
    void memoryThatIsMountedIsFullBeforeTheHostIs() throws IOException {
        for (String place : List.of("/dev/shm", "/dev")) {
            Tiny.Result filled = run("--rootfs", tree.toString(), "dd", "if=/dev/zero", "of=" + place + "/file",
                    "bs=1M", "count=200");
            assertThat(filled.err()).as(place).contains("No space left on device");
        }
    }

    @Test
    void aFloodOfLinesIsRotated() throws IOException {
        tiny.ok("run", "-d", "--name", "flood", "--log-opt", "max-size=100k", "--log-opt", "max-file=2", "--rootfs",
                tree.toString(), "sh", "-c", "yes | head -c 5000000");
        tiny.ok("wait", "flood");
        String id = tiny.ok("ps", "-aq", "--no-trunc", "--filter", "name=flood").strip();
        try (Stream<Path> files = Files.list(tiny.data.resolve("c").resolve(id).resolve("log"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isBetween(1L, 200_000L);
        }
        tiny.ok("rm", "flood");
    }

    @Test
    void whatIsToldToAProcessIsNotTold() throws IOException {
        String secret = "hidden-" + tiny.run.hashCode();
        Tiny.Result explained = tiny.tiny("run", "-d", "--explain", "--name", "secret", "-e", "PASSWORD=" + secret,
                "--rootfs", tree.toString(), "sleep", "1000");
        assertThat(explained.err()).contains("execve(").doesNotContain(secret);
        assertThat(tiny.ok("plan", "--net", "none", "-e", "PASSWORD=" + secret, "--rootfs", tree.toString(), "true"))
                .contains("execve(").doesNotContain(secret);
        assertThat(tiny.ok("plan", "--json", "--net", "none", "-e", "PASSWORD=" + secret, "--rootfs",
                tree.toString(), "true"))
                .contains("execve(").doesNotContain(secret);
        tiny.ok("exec", "-e", "WORD=" + secret, "secret", "true");
        for (String command : List.of("ps -a --no-trunc", "explain secret", "security secret", "logs secret")) {
            assertThat(tiny.ok(command.split(" "))).as(command).doesNotContain(secret);
        }
        assertThat(tiny.log()).doesNotContain(secret);
        assertThat(Commands.run("ps", "-eo", "args")).doesNotContain(secret);
        assertThat(tiny.ok("inspect", "-f", "{{json .Config.Env}}", "secret")).as("as with Docker").contains(secret);
        tiny.ok("rm", "-f", "secret");
    }
}
