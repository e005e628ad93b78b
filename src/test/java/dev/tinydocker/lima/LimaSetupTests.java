package dev.tinydocker.lima;

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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** From nothing to a container that runs, where "the machine" is this host, and limactl answers as the real one has. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimaSetupTests {

    private static final String ARCH = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    private static final String TICK = "✓ +[0-9.]+ s  ";

    @TempDir
    private Path directory;

    private RecordedLima recorded;
    private HostClient client;
    private StandInEngine engine;

    @BeforeEach
    void serve() throws IOException {
        recorded = new RecordedLima(directory);
        recorded.in("absent");
        for (String state : List.of("running", "stopped")) {
            recorded.answer("after-" + (state.equals("running") ? "start" : "create"), "list-" + state);
        }
        Path home = recorded.workspace();
        Files.createDirectories(home.resolve("rootfs-cache"));
        // What builds in there.
        RecordedLima.executable(home.resolve("src/main/sh/guest"), """
                #!/bin/sh
                echo building "$1"
                [ ! -e %1$s/no-build ] || exit 9
                mkdir -p "$1/target/native/%2$s" && cp /bin/true "$1/target/native/%2$s/tiny-shim"
                """.formatted(directory, ARCH));
        RecordedLima.executable(directory.resolve("opt/tiny"), """
                #!/bin/sh
                [ "$1" != run ] || [ -e %s/mute ] || { shift 4; echo "$*"; }
                """.formatted(directory));
        engine = new StandInEngine(directory.resolve("lima/tiny-docker/sock/engine.sock"));
        LimaCtl ctl = recorded.ctl();
        LimaDoctor doctor = new LimaDoctor(ctl, directory.resolve("opt/tiny").toString());
        LimaSetup setup = new LimaSetup(ctl, doctor, directory.resolve("opt/tiny").toString(), home);
        GuestEngine guest = new GuestEngine(ctl, "", new SshForward(new HostProgram("false")), false);
        client = new HostClient(directory, new LimaExecutor(guest,
                List.of(new SetupCommand(setup::steps, directory.resolve("logs")).command()), List.of(),
                HostClient.layout(directory)));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        engine.close();
    }

    private HostClient.Ended setup(String... options) throws IOException {
        String[] words = new String[options.length + 2];
        words[0] = "setup";
        words[1] = "lima";
        System.arraycopy(options, 0, words, 2, options.length);
        return client.execute(recorded.workspace(), Map.of(), words);
    }

    private List<String> deeds() throws IOException {
        return recorded.asked().stream().filter(words -> words.startsWith("--tty=false") && !words.contains("shell"))
                .toList();
    }

    @Test
    void everyStepIsTold() throws IOException {
        HostClient.Ended ended = setup("--cpus=2", "--memory", "1.5");
        assertThat(ended.status()).as(ended.toString()).isZero();
        assertThat(ended.out().lines()).allMatch(line -> line.matches(TICK + ".*")).hasSize(9);
        assertThat(ended.out()).containsPattern(TICK + "limactl is installed, 2.1.0 or newer: limactl version 2.2.0\n")
                .containsPattern(TICK + "the instance exists  \\(" + directory + "/logs/setup-2.log\\)\n")
                .containsPattern(TICK + "its architecture is known: " + (ARCH.equals("arm64") ? "aarch64" : "x86_64") + "\n")
                .containsPattern(TICK + "a container runs  \\(" + directory + "/logs/setup-9.log\\)\n");
        assertThat(deeds()).containsExactly("--tty=false create --name tiny-docker --cpus=2 --memory=1.5 --set "
                + ".param.workspace = \"" + recorded.workspace() + "\" " + recorded.workspace() + "/lima.yaml",
                "--tty=false start --timeout=30m tiny-docker");
        assertThat(directory.resolve("logs/setup-6.log")).content().contains("building " + directory.resolve("opt"));
        assertThat(recorded.workspace()).isDirectoryNotContaining("glob:**/.tiny-probe*");
    }

    @Test
    void aSecondTimeFindsAllDone() throws IOException {
        setup();
        HostClient.Ended ended = setup();
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).containsPattern(TICK + "the instance exists: it did\n")
                .containsPattern(TICK + "it is running: it was\n");
        assertThat(deeds()).hasSize(2);
    }

    @Test
    void aMachineThatIsThereKeepsItsSizes() throws IOException {
        recorded.in("running");
        assertThat(setup("--cpus=4", "--memory=4", "--disk", "20").out()).contains("  the instance exists: it did\n");
        assertThat(setup("--cpus=4", "--memory=8").out()).contains("  the instance exists: it did, and keeps its sizes; "
                + "'limactl edit --cpus=4 --memory=8 tiny-docker' changes them while it is stopped\n");
    }

    @Test
    void itGoesOnWhereItStopped() throws IOException {
        Path obstacle = Files.createFile(directory.resolve("no-build"));
        HostClient.Ended ended = setup();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out().lines()).last().asString().isEqualTo("      building " + directory.resolve("opt"));
        assertThat(ended.out()).containsPattern("✗ +[0-9.]+ s  the program is in there, for that architecture");
        assertThat(ended.err()).isEqualTo("cannot set up the virtual machine: limactl ended with 9; see '"
                + directory.resolve("logs/setup-6.log") + "', and give 'tiny setup lima' again: it goes on here\n");
        Files.delete(obstacle);
        assertThat(setup().status()).isZero();
        assertThat(deeds()).hasSize(2);
    }

    @Test
    void whatIsInterruptedIsEndedAndGoesOnLater() throws IOException {
        Path slow = Files.createFile(directory.resolve("slow"));
        try (FrameChannel channel = client.ask(recorded.workspace(), Map.of(), List.of("setup", "lima"))) {
            Awaitility.await().until(() -> recorded.asked().contains("--tty=false start --timeout=30m tiny-docker"));
            channel.send(Frame.of(FrameType.SIGNAL, 2));
            HostClient.Ended ended = HostClient.end(channel);
            assertThat(ended.status()).isEqualTo(130);
            assertThat(ended.out()).containsPattern("✗ +[0-9.]+ s  it is running: interrupted; 'tiny setup lima' goes on "
                    + "here  \\(" + directory + "/logs/setup-3.log\\)\n");
        }
        assertThat(deeds()).endsWith("--tty=false stop -f tiny-docker");
        // Who is killed is gone a moment later.
        Awaitility.await().untilAsserted(() -> assertThat(ProcessHandle.current().descendants()
                .flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.contains(directory.toString())));
        Files.delete(slow);
        assertThat(setup().status()).isZero();
    }

    @Test
    void aDryRunDoesNothing() throws IOException {
        HostClient.Ended ended = setup("--dry-run", "--recreate");
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("      limactl --tty=false delete -f tiny-docker\n",
                "      limactl --tty=false start --timeout=30m tiny-docker\n");
        assertThat(recorded.asked()).isEmpty();
        assertThat(directory.resolve("logs")).doesNotExist();
    }

    @Test
    void recreateDeletesWhatIsOurs() throws IOException {
        recorded.in("stopped");
        assertThat(setup("--recreate").status()).isZero();
        assertThat(deeds()).startsWith("--tty=false delete -f tiny-docker");
        recorded.in("running");
        recorded.says("list", Files.readString(directory.resolve("list")).replace("/run/tiny-docker/engine.sock", "/x"));
        HostClient.Ended ended = setup("--recreate");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("was not made from tiny-docker's lima.yaml");
        assertThat(deeds()).filteredOn(words -> words.contains("delete")).hasSize(1);
    }

    @Test
    void aContainerThatSaysNothingIsNotOneThatRuns() throws IOException {
        Files.createFile(directory.resolve("mute"));
        HostClient.Ended ended = setup();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).startsWith("cannot run a container in the virtual machine: it did not say hello");
    }

    @Test
    void aDirectoryThatOnlyLooksSharedIsSaid() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));
        recorded.says("after-start", Files.readString(directory.resolve("after-start"))
                .replace("\"mountPoint\":\"" + recorded.workspace(), "\"mountPoint\":\"" + other));
        HostClient.Ended ended = setup();
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("workspace \"" + recorded.workspace() + "\" is not accessible inside Lima: ensure "
                + "the workspace is shared with the VM");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cpus=0       | cannot use '--cpus' with 'setup lima': '0' is no number of processors; give one as in --cpus 4
            --memory=4GiB  | cannot use '--memory' with 'setup lima': '4GiB' is no number of GiB; give one as in --memory 4
            --disk=        | cannot use '--disk' with 'setup lima': '' is no number of GiB; give one as in --disk 4
            --memory=0.0   | cannot use '--memory' with 'setup lima': '0.0' is no number of GiB; give one as in --memory 4
            --dry-run=no   | cannot use '--dry-run=no' with 'setup lima': 'no' is neither true nor false; leave the value out
            --force        | cannot use '--force' with 'setup lima': there is no such option; 'help setup lima' lists them all
            now            | cannot execute 'setup lima': it takes no arguments; write 'setup lima [OPTIONS]'
            """)
    void whatItDoesNotKnowIsRefused(String option, String said) throws IOException {
        assertThat(setup(option).err()).isEqualTo(said + "\n");
        assertThat(recorded.asked()).isEmpty();
    }
}
