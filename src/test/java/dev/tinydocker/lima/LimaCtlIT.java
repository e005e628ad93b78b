package dev.tinydocker.lima;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** The real limactl, and an instance that it has made. */
class LimaCtlIT {

    @TempDir
    private static Path directory;

    private static RealLima lima;

    @BeforeAll
    static void install() throws IOException {
        lima = new RealLima(directory);
    }

    private static Standing standing(String program, String name) {
        return new LimaCtl(program, name, Duration.ofSeconds(1)).standing();
    }

    @Test
    void everyStateThatNeedsNoBootIsSeen() throws IOException {
        String program = lima.program.toString();
        assertThat(standing(program, "tiny-docker")).isEqualTo(new Standing.Absent("tiny-docker"));
        Path workspace = lima.create("tiny-docker");
        assertThat(standing(program, "tiny-docker")).isInstanceOfSatisfying(Standing.Stopped.class, stopped -> {
            assertThat(stopped.instance().shared())
                    .containsExactly(new SharedDirectory(workspace, workspace.toString(), true));
            assertThat(stopped.instance().socket()).isEqualTo(directory.resolve("lima/tiny-docker/sock/engine.sock"));
        });
        // Its machine is there, its host agent is not.
        Path pid = Files.writeString(directory.resolve("lima/tiny-docker/qemu.pid"),
                ProcessHandle.current().pid() + "\n");
        assertThat(standing(program, "tiny-docker")).isInstanceOfSatisfying(Standing.Broken.class,
                broken -> assertThat(broken.why()).isEqualTo("qemu driver is running but host agent is not"));
        Files.delete(pid);
        lima.ask("delete", "tiny-docker").orFail();
    }

    @Test
    void limactlRefusesRoot() {
        assertThat(standing(directory.resolve("bin/limactl").toString(), "tiny-docker"))
                .isInstanceOfSatisfying(Standing.Unclear.class,
                        unclear -> assertThat(unclear.why()).contains("must not run as the root user"));
    }

    @Test
    void whatIsRecordedIsOfThisVersion() throws IOException {
        assertThat(LimaVersion.parse(lima.ask("--version").orFail().out()).text()).isEqualTo(RecordedLima.VERSION);
    }
}
