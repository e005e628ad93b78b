package dev.tinydocker.lima;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What a user gets in each state of the virtual machine; the answers are those of the real limactl. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimaExecutorTests {

    /** The client in the machine: keeps what it was given, and ends as it is told. */
    private static final String CLIENT = """
            #!/bin/sh
            pwd >%1$s/cwd
            for word in "$@"; do printf '<%%s>' "$word"; done >%1$s/words
            echo "$SECRET" >%1$s/secret
            cat >%1$s/input
            case $1 in
              end) exit "$2" ;;
              die) kill -9 $$ ;;
              stop) cp %1$s/then %1$s/list; exit 255 ;;
              say) echo "$2" ;;
            esac
            """;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private RecordedLima recorded;
    private Path client;

    @BeforeEach
    void record() throws IOException {
        recorded = new RecordedLima(directory);
        client = RecordedLima.executable(directory.resolve("opt/tiny"), CLIENT.formatted(directory));
    }

    private LimaExecutor executor(LimaCtl ctl, Path where) {
        return new LimaExecutor(ctl, client.toString(), where, Map.of("SECRET", "a 'b' \"c\"\n$d"),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private int execute(String... words) {
        return executor(recorded.ctl(), recorded.workspace()).execute(List.of(words));
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String kept(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            absent  | Lima instance "tiny-docker" does not exist; create it from lima.yaml, see docs/lima.md
            stopped | Lima instance "tiny-docker" is not running; start it: 'limactl start tiny-docker'
            broken  | Lima instance "tiny-docker" is broken (qemu driver is running but host agent is not); 'limactl
            """)
    void whereItDoesNotRunNothingIsExecuted(String state, String said) throws IOException {
        recorded.in(state);
        assertThat(execute("ps")).isEqualTo(125);
        assertThat(error()).startsWith("cannot run in the virtual machine: " + said).hasLineCount(1);
        assertThat(recorded.asked()).noneMatch(words -> words.contains("shell"));
        assertThat(executor(recorded.ctl(), directory).output(List.of("ps"))).isEmpty();
    }

    @Test
    void anOldLimaIsRefused() throws IOException {
        recorded.in("running").says("version", "limactl version 2.0.3\n---\n---\n0\n");
        assertThat(execute("ps")).isEqualTo(125);
        assertThat(error()).isEqualTo("cannot run in the virtual machine: Lima 2.0.3 is too old, 2.1.0 is needed; "
                + "'brew upgrade lima'\n");
    }

    @Test
    void aMissingLimaIsSaid() {
        LimaCtl missing = new LimaCtl(directory.resolve("none").toString(), "tiny-docker", Duration.ZERO);
        assertThat(executor(missing, directory).execute(List.of("ps"))).isEqualTo(125);
        assertThat(error()).isEqualTo("cannot run in the virtual machine: limactl is not installed; install Lima: "
                + "'brew install lima'\n");
    }

    @Test
    void anInstanceOfAnotherProjectIsLeftAlone() throws IOException {
        recorded.in("running");
        recorded.says("list", kept("list").replace("/run/tiny-docker/engine.sock", "/run/docker.sock"));
        assertThat(execute("ps")).isEqualTo(125);
        assertThat(error()).contains("was not made from tiny-docker's lima.yaml; set another name");
    }

    @Test
    void wordsArriveAsTheyAre() throws IOException {
        recorded.in("running");
        assertThat(execute("run", "busybox", "a b", "'", "\"$x`y`\\", "1\n2", "", "*", "-v", "/tmp:/x")).isZero();
        assertThat(kept("words")).isEqualTo("<run><busybox><a b><'><\"$x`y`\\><1\n2><><*><-v></tmp:/x>");
        assertThat(kept("cwd")).isEqualTo(recorded.workspace() + "\n");
        assertThat(error()).isEmpty();
    }

    @Test
    void exitCodesComeBack() throws IOException {
        recorded.in("running");
        for (int status : new int[] { 0, 1, 3, 125, 127, 255 }) {
            assertThat(execute("end", Integer.toString(status))).isEqualTo(status);
        }
        assertThat(execute("die")).isEqualTo(128 + 9);
    }

    @Test
    void aMachineThatStopsMeanwhileIsSaid() throws IOException {
        recorded.in("stopped");
        Files.copy(directory.resolve("list"), directory.resolve("then"));
        recorded.in("running");
        assertThat(execute("stop")).isEqualTo(125);
        assertThat(error()).contains("Lima instance \"tiny-docker\" is not running");
    }

    @Test
    void variablesThatAreAskedForArePassed() throws IOException {
        recorded.in("running");
        execute("run", "-e", "OTHER=1", "-e", "SECRET", "busybox");
        assertThat(kept("secret")).isEqualTo("a 'b' \"c\"\n$d\n");
        execute("run", "busybox", "-e", "SECRET");
        assertThat(kept("secret")).isEqualTo("\n");
    }

    @Test
    void whatIsSharedIsNamedAsTheMachineSeesIt() throws IOException {
        recorded.in("running");
        String workspace = recorded.workspace().toString();
        assertThat(execute("run", "--rootfs", "rootfs", "-v", "./a:/a:ro", "busybox")).isZero();
        assertThat(kept("words"))
                .isEqualTo("<run><--rootfs><" + workspace + "/rootfs><-v><" + workspace + "/a:/a:ro><busybox>");
        Path seen = Files.createDirectory(directory.resolve("seen"));
        recorded.says("list", kept("list").replace("\"mountPoint\":\"" + workspace, "\"mountPoint\":\"" + seen));
        assertThat(execute("cp", "web:/etc/hosts", "sub/hosts")).isZero();
        assertThat(kept("words")).isEqualTo("<cp><web:/etc/hosts><" + seen + "/sub/hosts>");
    }

    @Test
    void whatIsNotSharedIsRefused() throws IOException {
        recorded.in("running");
        assertThat(execute("run", "--rootfs", "../rootfs/alpine", "sh")).isEqualTo(125);
        assertThat(error()).isEqualTo("cannot use it in the virtual machine: rootfs \"../rootfs/alpine\" is not "
                + "accessible inside Lima: ensure the workspace is shared with the VM; '" + directory
                + "/rootfs/alpine' is in none of '" + recorded.workspace() + "'\n");
    }

    @Test
    void aLinkOutOfWhatIsSharedIsNotShared() throws IOException {
        recorded.in("running");
        Files.createSymbolicLink(recorded.workspace().resolve("out"), directory);
        assertThat(execute("load", "-i", "out/images.tar")).isEqualTo(125);
        assertThat(error()).contains("input \"out/images.tar\" is not accessible inside Lima");
    }

    @Test
    void outsideOfWhatIsSharedACommandStartsAtTheTop() throws IOException {
        recorded.in("running");
        assertThat(executor(recorded.ctl(), directory).execute(List.of("ps"))).isZero();
        assertThat(kept("cwd")).isEqualTo("/\n");
    }

    @Test
    void aProgramThatIsMissingInThereIsSaid() throws IOException {
        recorded.in("running");
        Files.delete(client);
        assertThat(execute("ps")).isEqualTo(125);
    }

    @Test
    void outputIsKept() throws IOException {
        recorded.in("running");
        assertThat(executor(recorded.ctl(), directory).output(List.of("say", "a b"))).isEqualTo("a b\n");
        assertThat(executor(recorded.ctl(), directory).output(List.of("end", "1"))).isEmpty();
    }
}
