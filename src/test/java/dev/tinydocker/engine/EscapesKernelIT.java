package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        tiny = new Tiny(directory);
        ok("run", "-d", "--name", "walled", "--rootfs", tree.toString(), "sleep", "1000");
        ok("run", "-d", "--name", "open", "--privileged", "--rootfs", tree.toString(), "sleep", "1000");
    }

    @AfterAll
    void end() throws IOException {
        tiny.close();
        Awaitility.await().untilAsserted(() -> assertThat(tiny.remains()).isEmpty());
        Commands.run("rm", "-rf", tiny.data.toString(), tree.toString());
    }

    private String ok(String... words) throws IOException {
        Tiny.Result result = tiny.tiny(words);
        assertThat(result.status()).as("%s: %s", String.join(" ", words), result.err()).isZero();
        return result.out();
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
    @ValueSource(strings = { "sysrq", "ptrace", "kill", "tiocsti" })
    void whatNobodyMayTryIsRefused(String attempt) throws IOException {
        String ours = Long.toString(ProcessHandle.current().pid());
        assertThat(tiny.tiny("exec", "walled", "escape", attempt, ours)).extracting(Tiny.Result::status)
                .isEqualTo(REFUSED);
    }

    @Test
    void rootInsideIsNobodyOutside() throws IOException {
        long pid = Long.parseLong(ok("inspect", "-f", "{{.State.Pid}}", "walled").strip());
        assertThat((Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).isGreaterThan(65536);
        assertThat(ok("exec", "walled", "id", "-u")).isEqualTo("0\n");
    }

    @Test
    void noDescriptorOfTheEngineIsLeft() throws IOException {
        // The fourth is the directory that is being listed.
        assertThat(ok("run", "--rm", "--rootfs", tree.toString(), "sh", "-c", "ls /proc/self/fd | tr '\n' ' '"))
                .isEqualTo("0 1 2 3 ");
        assertThat(ok("exec", "walled", "sh", "-c", "ls /proc/self/fd | tr '\n' ' '")).isEqualTo("0 1 2 3 ");
    }

    /** The program that enters the container to execute another is seen from inside, and not to be opened. */
    @Test
    void theShimIsNotToBeOverwrittenFromInside() throws IOException {
        assertThat(run("--userns=host", "--rootfs", tree.toString(), "-d", "--name", "hunter", "sh", "-c",
                "while true; do for p in /proc/[0-9]*; do case $(readlink $p/exe) in *tiny-shim*) "
                        + "(echo x >>$p/exe) 2>/dev/null && echo overwritten;; esac; done; done").status()).isZero();
        for (int i = 0; i < 20; i++) {
            ok("exec", "hunter", "true");
        }
        assertThat(ok("logs", "hunter")).doesNotContain("overwritten");
        ok("rm", "-f", "hunter");
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
        tiny.tiny("exec", "walled", "sh", "-c", "kill -9 -1");
        assertThat(ok("exec", "walled", "echo", "its shim lives")).isEqualTo("its shim lives\n");
    }

    @Test
    void aForkBombStopsAtTheLimit() throws IOException {
        Tiny.Result bomb = run("--rootfs", tree.toString(), "--pids-limit", "60", "sh", "-c",
                "i=0; while [ $i -lt 200 ]; do sleep 5 & i=$((i + 1)); done; echo never");
        assertThat(bomb.out()).doesNotContain("never");
        assertThat(bomb.err()).contains("fork");
        assertThat(ok("run", "--rm", "--rootfs", tree.toString(), "echo", "fine")).isEqualTo("fine\n");
        assertThat(ok("exec", "walled", "sh", "-c", "cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max "
                + "2>/dev/null || true")).as("without being asked").isEqualTo("4096\n");
    }

    @Test
    void aMemoryBombKillsItselfOnly() throws IOException {
        assertThat(run("--rootfs", tree.toString(), "-m", "32m", "sh", "-c",
                "tail -c 100m /dev/zero; echo never")).satisfies(bomb -> {
                    assertThat(bomb.out()).doesNotContain("never\nnever");
                    assertThat(bomb.status()).isIn(0, KILLED);
                });
        assertThat(ok("exec", "open", "echo", "fine")).isEqualTo("fine\n");
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
        ok("run", "-d", "--name", "flood", "--log-opt", "max-size=100k", "--log-opt", "max-file=2", "--rootfs",
                tree.toString(), "sh", "-c", "yes | head -c 5000000");
        ok("wait", "flood");
        String id = ok("ps", "-aq", "--no-trunc", "--filter", "name=flood").strip();
        try (Stream<Path> files = Files.list(tiny.data.resolve("c").resolve(id).resolve("log"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isBetween(1L, 200_000L);
        }
        ok("rm", "flood");
    }

    @Test
    void whatIsToldToAProcessIsNotTold() throws IOException {
        ok("run", "-d", "--name", "secret", "-e", "PASSWORD=hidden-" + tiny.run.hashCode(), "--rootfs",
                tree.toString(), "sleep", "1000");
        String secret = "hidden-" + tiny.run.hashCode();
        assertThat(ok("ps", "-a", "--no-trunc")).doesNotContain(secret);
        assertThat(tiny.log()).doesNotContain(secret);
        assertThat(Commands.run("ps", "-eo", "args")).doesNotContain(secret);
        ok("rm", "-f", "secret");
    }
}
