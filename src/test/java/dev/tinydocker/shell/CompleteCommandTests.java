package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class CompleteCommandTests {

    private final TestShell shell = new TestShell();

    @BeforeEach
    void containers() {
        shell.add("old", ContainerState.EXITED, Duration.ofHours(2), 0, "sh");
        shell.add("web", ContainerState.RUNNING, Duration.ofMinutes(3), null, "httpd");
        shell.add("db", ContainerState.RUNNING, Duration.ofMinutes(1), null, "db");
    }

    private List<String> offered(String... words) {
        String[] argv = new String[words.length + 2];
        argv[0] = "__complete";
        argv[1] = "--";
        System.arraycopy(words, 0, argv, 2, words.length);
        return shell.argv(argv).out().lines().map(line -> line.substring(0, line.indexOf('\t'))).toList();
    }

    @Test
    void commandsComeFirst() {
        assertThat(offered("")).contains("run", "ps", "logs", "help").doesNotContain("__complete").isSorted();
        assertThat(offered("r")).containsExactly("rm", "run");
        assertThat(offered("help", "st")).containsExactly("stop");
    }

    @Test
    void optionsOfTheCommand() {
        assertThat(offered("ps", "--n")).containsExactly("--no-trunc");
        assertThat(offered("run", "-it", "--memory")).containsExactly("--memory", "--memory-swap");
        assertThat(offered("ps", "--h")).containsExactly("--help");
        assertThat(offered("run", "busybox", "--m")).isEmpty();
        assertThat(offered("stop", "--", "--t")).isEmpty();
    }

    @Test
    void onlyContainersThatFit() {
        assertThat(offered("stop", "")).containsExactly("db", "web");
        assertThat(offered("stop", "-t", "3", "web", "")).containsExactly("db");
        assertThat(offered("rm", "")).containsExactly("db", "web", "old");
        assertThat(offered("logs", "o")).containsExactly("old");
        assertThat(offered("logs", "old", "")).isEmpty();
        assertThat(offered("stop", "7765")).containsExactly("7765623f2a9c");
        assertThat(offered("exec", "-it", "")).containsExactly("db", "web");
        assertThat(offered("exec", "-it", "web", "")).isEmpty();
    }

    @Test
    void valuesOfOptions() {
        assertThat(offered("kill", "-s", "US")).containsExactly("USR1", "USR2");
        assertThat(offered("kill", "--signal=US")).containsExactly("--signal=USR1", "--signal=USR2");
        assertThat(offered("run", "--net", "")).containsExactly("host", "isolated", "none");
        assertThat(offered("run", "--net=h")).containsExactly("--net=host");
        assertThat(offered("run", "--name", "")).isEmpty();
        assertThat(offered("run", "--rm", "")).containsExactly("busybox", "alpine");
        assertThat(offered("run", "-ite", "A=1", "b")).containsExactly("busybox");
        assertThat(offered("run", "-iteA=1", "b")).containsExactly("busybox");
    }

    @Test
    void filesAndDirectories(@TempDir Path directory) throws IOException {
        shell.session.directory = directory;
        Files.createDirectories(directory.resolve("root/bin"));
        Files.createFile(directory.resolve("root.env"));
        Files.createFile(directory.resolve(".hidden"));
        assertThat(offered("run", "--rootfs", "r")).containsExactly("root/");
        assertThat(offered("run", "--rootfs=root/")).containsExactly("--rootfs=root/bin/");
        assertThat(offered("run", "--env-file", "")).containsExactly("root.env", "root/");
        assertThat(offered("run", "--env-file", ".")).containsExactly(".hidden");
        assertThat(offered("script", directory + "/root.")).containsExactly(directory + "/root.env");
        assertThat(offered("run", "--rootfs", "nowhere/")).isEmpty();
    }

    @Test
    void ofFilesThatAreElsewhereTheKindIsSaid(@TempDir Path directory) throws IOException {
        shell.session.directory = directory;
        Files.createDirectories(directory.resolve("root"));
        assertThat(elsewhere("run", "--rootfs=r")).isEqualTo("--rootfs=\tdirectory\t\n");
        assertThat(elsewhere("run", "-v", "r")).isEqualTo("\tfile\t\n");
        assertThat(elsewhere("kill", "-s", "USR1")).isEqualTo("USR1\t1\t\n");
        // The machine's own, which are where the engine is.
        assertThat(elsewhere("run", "--device", directory + "/r")).isEqualTo(directory + "/root/\t0\t\n");
    }

    private String elsewhere(String... words) {
        String[] argv = new String[words.length + 3];
        argv[0] = "__complete";
        argv[1] = "--elsewhere";
        argv[2] = "--";
        System.arraycopy(words, 0, argv, 3, words.length);
        return shell.argv(argv).out();
    }

    @Test
    void subjectsAndContainersAreExplained() {
        shell.registry.registerCommand(new ExplainCommand(null, null));
        assertThat(offered("explain", "")).containsExactly("cgroup", "db", "web", "old");
        assertThat(offered("explain", "cg")).containsExactly("cgroup");
        assertThat(offered("explain", "cgroup", "w")).containsExactly("web");
        assertThat(offered("explain", "web", "--diff", "")).containsExactly("db", "old", "host");
    }

    @Test
    void aLineTellsWhetherTheWordEndsAndWhatItIs() {
        assertThat(shell.argv("__complete", "stop", "w").out()).isEqualTo("web\t1\tUp 3 minutes\n");
    }
}
