package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(20)
class ProcessesIT {

    @TempDir
    Path directory;

    @Test
    void spawnGivesTheProgramASessionOfItsOwnItsLogAndOneDescriptor() throws IOException {
        Path log = directory.resolve("log");
        try (ListeningSocket socket = ListeningSocket.bind(directory.resolve("s"))) {
            // Asked in a substitution: dash redirects a simple command in its own process.
            String script = "for fd in 0 1 3; do link=$(readlink /proc/$$/fd/$fd); echo $link >&2; done; "
                    + "cut -d' ' -f6 /proc/$$/stat >&2; echo $$ >&2";
            int pid = Processes.spawn(Path.of("/bin/sh"), List.of("sh", "-c", script), socket.descriptor(), log);
            Processes.reap(pid);
            List<String> lines = Files.readAllLines(log);
            assertThat(lines.get(0)).isEqualTo("/dev/null");
            assertThat(lines.get(1)).isEqualTo("/dev/null");
            assertThat(lines.get(2)).startsWith("socket:");
            assertThat(lines.get(3)).isEqualTo(Integer.toString(pid)).isEqualTo(lines.get(4));
        }
    }

    @Test
    void spawnGivesTheProgramNothingElseThatIsOpen() throws IOException {
        Path log = directory.resolve("log");
        try (ListeningSocket socket = ListeningSocket.bind(directory.resolve("s"));
                ServerSocket other = new ServerSocket(0); SealedProgram program = SealedProgram.of(Path.of("/bin/ls"))) {
            assertThat(other.isBound()).isTrue();
            int pid = Processes.spawn(program.path(), List.of("ls", "-C", "/no/such", "/proc/self/fd/4"),
                    socket.descriptor(), log);
            Processes.reap(pid);
            assertThat(Files.readString(log)).contains("/proc/self/fd/4").contains("No such file");
        }
    }

    @Test
    void whatIsClosedForAllIsInNoProgramThatIsBeingStarted() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> starters = List.of(Thread.ofPlatform().start(() -> startUntil(enough, true)),
                Thread.ofPlatform().start(() -> startUntil(enough, false)));
        try {
            int port = 0;
            for (int i = 0; i < 500; i++) {
                // Fails where a program still has the last one.
                ServerSocket held = new ServerSocket(port);
                port = held.getLocalPort();
                Processes.closeForAll(() -> close(held));
            }
        } finally {
            enough.set(true);
            for (Thread starter : starters) {
                starter.join();
            }
        }
    }

    private void startUntil(AtomicBoolean enough, boolean spawned) {
        try (ListeningSocket socket = ListeningSocket.bind(directory.resolve("s" + spawned))) {
            while (!enough.get()) {
                if (spawned) {
                    Processes.reap(Processes.spawn(Path.of("/bin/true"), List.of("true"), socket.descriptor(),
                            directory.resolve("log")));
                } else {
                    Processes.start(new ProcessBuilder("true")).waitFor();
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aProgramThatIsMissingIsNamed() throws IOException {
        try (ListeningSocket socket = ListeningSocket.bind(directory.resolve("s"))) {
            assertThatThrownBy(() -> Processes.spawn(Path.of("/no/such"), List.of("such"), socket.descriptor(),
                    directory.resolve("log")))
                    .isInstanceOf(SyscallException.class)
                            .hasMessage("posix_spawn /no/such: ENOENT (No such file or directory)");
        }
    }

    @Test
    void aProcessIsKnownByPidAndStartTimeUntilItEnds() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        int pid = (int) process.pid();
        long started = Processes.startTime(pid).orElseThrow();
        assertThat(Processes.isAlive(pid, started)).isTrue();
        assertThat(Processes.isAlive(pid, started + 1)).isFalse();
        assertThat(Processes.kill(pid, Signal.SIGKILL)).isTrue();
        process.waitFor();
        assertThat(Processes.isAlive(pid, started)).isFalse();
        assertThat(Processes.kill(pid, Signal.SIGTERM)).isFalse();
    }

    @Test
    void aPathTooLongForASocketIsNamed() {
        assertThatThrownBy(() -> ListeningSocket.bind(directory.resolve("x".repeat(120))))
                .isInstanceOf(SyscallException.class)
                .hasMessageContaining("ENAMETOOLONG");
    }
}
