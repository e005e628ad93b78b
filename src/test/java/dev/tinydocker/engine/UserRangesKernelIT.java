package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What an engine does that has few ranges of users to give. */
@Timeout(60)
class UserRangesKernelIT {

    @TempDir
    static Path directory;

    @Test
    void aPlanHasARangeThatNoContainerHas() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("planned"));
        BusyboxTree.make(tree);
        try (Tiny tiny = new Tiny(directory).with("TINY_USERS_COUNT", "2")) {
            String had = tiny.tiny("run", "-d", "--name", "had", "--net", "none", "--rootfs", tree.toString(), "sleep",
                    "1000").out().strip();
            assertThat(had).hasSize(64);
            String range = tiny.tiny("exec", "had", "cat", "/proc/self/uid_map").out().strip().split(" +")[1];
            for (int i = 0; i < 3; i++) {
                assertThat(tiny.tiny("plan", "--net", "none", "--rootfs", tree.toString(), "true").out())
                        .contains("user 0 is the host's ").doesNotContain("user 0 is the host's " + range + ",");
            }
            tiny.tiny("rm", "-f", "had");
        } finally {
            Commands.run("rm", "-rf", directory.resolve("data").toString(), tree.toString());
        }
    }

    @Test
    void whenAllAreTakenItIsSaidAndNothingIsLeftUntilOneIsGivenBack() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        BusyboxTree.make(tree);
        try (Tiny tiny = new Tiny(directory).with("TINY_USERS_COUNT", "1")) {
            List<String> run = List.of("run", "-d", "--net", "none", "--rootfs", tree.toString(), "sleep", "1000");
            String first = tiny.tiny(run.toArray(String[]::new)).out().strip();
            assertThat(first).hasSize(64);
            Tiny.Result second = tiny.tiny(run.toArray(String[]::new));
            assertThat(second.err()).isEqualTo("cannot give the container users of its own: all 1 ranges are taken, by "
                    + "containers or by users of this host; remove containers, set tiny.users.first and tiny.users.count, or "
                    + "run it with --userns=host\n");
            assertThat(second.status()).isEqualTo(125);
            assertThat(tiny.tiny("ps", "-aq", "--no-trunc").out().lines()).containsExactly(first);
            try (Stream<Path> kept = Files.list(tiny.data.resolve("c"))) {
                assertThat(kept.map(path -> path.getFileName().toString())).containsExactly(first);
            }
            tiny.tiny("rm", "-f", first);
            assertThat(tiny.tiny("run", "--rm", "--net", "none", "--rootfs", tree.toString(), "echo", "again"))
                    .isEqualTo(new Tiny.Result(0, "again\n", ""));
        } finally {
            Commands.run("rm", "-rf", directory.resolve("data").toString(), tree.toString());
        }
    }
}
