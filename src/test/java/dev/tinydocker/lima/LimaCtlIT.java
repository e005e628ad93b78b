package dev.tinydocker.lima;

import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        return new LimaCtl(new HostProgram(program), name, Duration.ofSeconds(1)).standing();
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
        Path yaml = directory.resolve("lima/tiny-docker/lima.yaml");
        String ours = Files.readString(yaml);
        Files.writeString(yaml, ours.replace("/run/tiny-docker/engine.sock", "/run/docker.sock"));
        assertThat(standing(program, "tiny-docker")).isInstanceOf(Standing.Foreign.class);
        Files.writeString(yaml, "cpus: [");
        assertThat(standing(program, "tiny-docker")).isInstanceOfSatisfying(Standing.Unclear.class,
                unclear -> assertThat(unclear.why()).contains("lima.yaml"));
        // As one whose making was interrupted: nobody can tell what it was to be.
        Files.move(yaml, directory.resolve("elsewhere"));
        assertThat(standing(program, "tiny-docker")).isInstanceOf(Standing.Broken.class);
        Files.move(directory.resolve("elsewhere"), yaml);
        Files.writeString(yaml, ours);
        Files.delete(pid);
        lima.ask("delete", "tiny-docker").orFail();
    }

    @Test
    void aPathThatIsTooLongForSocketsIsSaid(@TempDir Path other) throws IOException {
        Path home = RealLima.open(directory.resolve("long".repeat(20)));
        Path program = RecordedLima.executable(other.resolve("limactl"), "#!/bin/sh\nexec " + lima.user + " LIMA_HOME=" + home
                + " " + directory.resolve("bin/limactl") + " \"$@\"\n");
        LimaCtl ctl = new LimaCtl(new HostProgram(program.toString()), "tiny-docker", Duration.ZERO);
        LimaSetup setup = new LimaSetup(ctl, new LimaDoctor(ctl, "/opt/tiny"), "/opt/tiny", directory);
        SetupStep create = setup.steps(new SetupOptions(List.of(), false, false)).get(1);
        Path log = Files.createFile(other.resolve("log"));
        assertThatThrownBy(() -> create.deed().run(log)).hasMessageContaining("must be less than UNIX_PATH_MAX=108")
                .isInstanceOfSatisfying(SystemFailure.class, failure -> assertThat(failure.hint())
                        .startsWith("set LIMA_HOME to a directory whose path is shorter, "));
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
