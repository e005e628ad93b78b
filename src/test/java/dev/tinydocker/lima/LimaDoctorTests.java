package dev.tinydocker.lima;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/** Each thing that can stand in the way is named, with what to do about it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimaDoctorTests {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    @TempDir
    private Path directory;

    private RecordedLima recorded;
    private Path shim;
    private Path socket;

    @BeforeEach
    void record() throws IOException {
        recorded = new RecordedLima(directory).in("running");
        Path native_ = directory.resolve("opt/target/native/" + (ARM ? "arm64" : "amd64"));
        Files.createDirectories(native_);
        shim = Files.copy(Path.of("/bin/true"), native_.resolve("tiny-shim"));
        Files.createDirectories(recorded.workspace().resolve("rootfs"));
        socket = Files.createDirectories(directory.resolve("lima/tiny-docker/sock")).resolve("engine.sock");
    }

    private List<LimaDoctor.Finding> findings(String rootfs) {
        return new LimaDoctor(recorded.ctl(), directory.resolve("opt/tiny").toString())
                .findings(recorded.workspace(), rootfs);
    }

    /** The problems alone, each as it is printed. */
    private List<String> problems(String rootfs) {
        return findings(rootfs).stream().filter(finding -> !finding.ok())
                .map(finding -> finding.what() + "  — " + finding.advice()).toList();
    }

    @Test
    void wellIsWell() throws IOException {
        try (StandInEngine _ = new StandInEngine(socket)) {
            assertThat(findings("rootfs")).allMatch(LimaDoctor.Finding::ok).extracting(LimaDoctor.Finding::what)
                    .containsExactly("limactl is installed", "the instance exists",
                            "Lima instance \"tiny-docker\" is running",
                            "Linux shim \"" + shim + "\" is for " + (ARM ? "aarch64" : "x86_64"),
                            "it can be executed inside Lima", "rootfs \"rootfs\" is accessible inside Lima",
                            "the engine answers at " + socket);
        }
    }

    @Test
    void aSocketThatOnlyTakesConnectionsIsNoEngine() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<Void> ssh = CompletableFuture.runAsync(() -> {
                try {
                    server.accept().close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(problems("rootfs")).singleElement().asString().startsWith("the engine ");
            ssh.join();
        }
    }

    @Test
    void theFirstThingInTheWayIsTheLast() throws IOException {
        recorded.in("absent");
        assertThat(findings("rootfs")).extracting(LimaDoctor.Finding::ok).containsExactly(true, false);
        recorded.in("stopped");
        assertThat(findings("rootfs")).extracting(LimaDoctor.Finding::ok).containsExactly(true, true, false);
        recorded.in("broken");
        assertThat(problems("rootfs")).singleElement().asString().contains("is broken", "limactl stop -f tiny-docker",
                "lima/tiny-docker/ha.stderr.log");
    }

    @Test
    void aMachineThatCannotBeReachedIsSaid() throws IOException {
        recorded.says("unreachable", "---\nssh: connect to host 127.0.0.1 port 2222: Connection refused\n---\n255\n");
        assertThat(problems("rootfs")).containsExactly("the virtual machine cannot be reached: ssh: connect to host "
                + "127.0.0.1 port 2222: Connection refused  — 'limactl shell --reconnect tiny-docker', or stop and start it");
    }

    @Test
    void aMissingShimIsSaid() throws IOException {
        Files.delete(shim);
        assertThat(problems("rootfs").getFirst())
                .startsWith("Linux shim not found at \"" + shim + "\": build it first and share it with Lima");
    }

    @Test
    void aShimForAnotherMachineIsSaidBeforeItIsTried() throws IOException {
        byte[] program = Files.readAllBytes(shim);
        program[18] = (byte) (ARM ? 62 : 183);
        Files.write(shim, program);
        assertThat(problems("rootfs").getFirst()).startsWith("Linux shim \"" + shim + "\" is for "
                + (ARM ? "x86_64, but the virtual machine is aarch64" : "aarch64, but the virtual machine is x86_64"));
        Files.writeString(shim, "#!/bin/sh\n");
        assertThat(problems("rootfs").getFirst()).startsWith("Linux shim \"" + shim + "\" is for no machine");
    }

    @Test
    void aRootfsThatIsNotSharedIsSaid() {
        assertThat(problems("./rootfs/alpine").getFirst()).startsWith("rootfs \"./rootfs/alpine\" is not accessible "
                + "inside Lima: ensure the workspace is shared with the VM  — shared are '" + recorded.workspace() + "'");
        assertThat(problems("/usr").getFirst()).startsWith("rootfs \"/usr\" is not accessible inside Lima");
    }

    @Test
    void aSocketsPathThatIsTooLongIsSaid() throws IOException {
        String text = Files.readString(directory.resolve("list"));
        recorded.says("list", text.replace("\"dir\":\"", "\"dir\":\"" + "/long".repeat(20)));
        assertThat(problems("rootfs").getLast()).contains(" bytes, more than 103  — set a shorter LIMA_HOME");
    }
}
