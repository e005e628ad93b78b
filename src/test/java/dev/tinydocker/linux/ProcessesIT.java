package dev.tinydocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
