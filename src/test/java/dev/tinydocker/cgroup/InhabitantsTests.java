package dev.tinydocker.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

class InhabitantsTests {

    @TempDir
    Path directory;

    private Path procs(String path, String pids) throws IOException {
        Path cgroup = Files.createDirectories(directory.resolve(path));
        Files.writeString(cgroup.resolve("cgroup.procs"), pids);
        return cgroup;
    }

    @Test
    void allThatLivesInThereIsKilledUntilNothingDoes() throws IOException {
        Path one = procs("one", "11\n12\n");
        Path inner = procs("one/inner", "13\n");
        Set<Integer> killed = new TreeSet<>();
        Inhabitants inhabitants = new Inhabitants(pid -> {
            killed.add(pid);
            empty(pid == 13 ? inner : one);
        }, Duration.ofSeconds(10));

        inhabitants.kill(List.of(one, directory.resolve("missing")));

        assertThat(killed).containsExactly(11, 12, 13);
    }

    @Test
    void whatDoesNotDieIsNamed() throws IOException {
        Path stuck = procs("stuck", "4711\n");
        Inhabitants inhabitants = new Inhabitants(pid -> { }, Duration.ofMillis(3));

        assertThatExceptionOfType(SystemFailure.class).isThrownBy(() -> inhabitants.kill(List.of(stuck)))
                .withMessageContaining("4711");
    }

    @Test
    void aVersion2CgroupDiesAtOneWord() throws IOException {
        Path cgroup = procs("v2", "21\n22\n");
        Files.writeString(cgroup.resolve("cgroup.kill"), "");
        Set<Integer> killed = new TreeSet<>();

        assertThatExceptionOfType(SystemFailure.class)
                .isThrownBy(() -> new Inhabitants(killed::add, Duration.ofMillis(3)).kill(List.of(cgroup)));

        assertThat(killed).isEmpty();
        assertThat(cgroup.resolve("cgroup.kill")).hasContent("1");
    }

    @Test
    void cgroupsAreRemovedFromTheLeavesUpAndMissingOnesAreFine() throws IOException {
        Path cgroup = Files.createDirectories(directory.resolve("a"));
        Files.createDirectories(cgroup.resolve("b/c"));
        Files.createDirectories(cgroup.resolve("d"));

        new Inhabitants(pid -> { }, Duration.ofSeconds(10)).remove(List.of(directory.resolve("missing"), cgroup));

        assertThat(cgroup).doesNotExist();
    }

    @Test
    void aCgroupThatStaysInUseIsNamed() throws IOException {
        Path busy = procs("busy", "");

        assertThatExceptionOfType(SystemFailure.class)
                .isThrownBy(() -> new Inhabitants(pid -> { }, Duration.ofMillis(3)).remove(List.of(busy)))
                .withMessageContaining(busy.toString());
    }

    private static void empty(Path cgroup) {
        try {
            Files.writeString(cgroup.resolve("cgroup.procs"), "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
