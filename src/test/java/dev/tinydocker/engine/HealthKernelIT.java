package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Health checks of real containers by the program as it was built. */
@Timeout(120)
class HealthKernelIT {

    @TempDir
    Path directory;

    private Tiny tiny;

    @BeforeEach
    void begin() {
        tiny = new Tiny(directory);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        tiny.removeContainers();
        // A check ends with its container, and what is left of it goes after that: if not by this engine, by the next.
        Awaitility.await().untilAsserted(() -> assertThat(list(directory.resolve("run/e"))).isEmpty());
        tiny.close();
        tiny.awaitNothingLeft();
    }

    private void run(String name, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name));
        Collections.addAll(words, options);
        words.addAll(List.of("busybox", "sleep", "1000"));
        tiny.ok(words.toArray(String[]::new));
    }

    private String health(String field) throws IOException {
        return tiny.ok("inspect", "-f", "{{json .State.Health" + field + "}}", "box").strip();
    }

    private void await(String status) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(health(".Status")).isEqualTo('"' + status + '"'));
    }

    private static List<String> list(Path path) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private List<String> threads() throws IOException {
        List<String> names = new ArrayList<>();
        for (String thread : list(Path.of("/proc/" + tiny.engine().pid() + "/task"))) {
            try {
                names.add(Files.readString(Path.of("/proc/" + tiny.engine().pid() + "/task/" + thread + "/comm"))
                        .strip());
            } catch (IOException e) {
                // It has ended while we looked.
                continue;
            }
        }
        return names.stream().filter(name -> name.startsWith("health")).toList();
    }

    @Test
    void healthIsWhatTheChecksFind() throws Exception {
        run("box", "--health-cmd", "test -e /ok && id -u && pwd || { seq 2000; exit 3; }", "--health-interval", "50ms",
                "--health-retries", "3", "--health-start-interval", "1s", "--health-start-period", "2s", "-u", "7",
                "-w",
                "/tmp");
        assertThat(tiny.ok("ps")).contains("(health: starting)");
        assertThat(tiny.ok("ps", "-q", "--filter", "health=starting")).hasLineCount(1);
        await("unhealthy");
        assertThat(health(".FailingStreak")).matches("[3-9]|\\d\\d+");
        assertThat(tiny.ok("ps", "--format", "{{.Status}}")).endsWith(" (unhealthy)\n");
        assertThat(health(".Log")).contains("\"ExitCode\":3").contains("\\n1040\\n104...");

        tiny.ok("exec", "-u", "0", "box", "touch", "/ok");
        await("healthy");
        Awaitility.await().untilAsserted(() -> assertThat(health(".Log")).doesNotContain("\"ExitCode\":3"));
        assertThat(health(".Log").split("\"ExitCode\":0,\"Output\":\"7\\\\n/tmp\\\\n\"", -1)).hasSize(6);
        assertThat(health(".FailingStreak")).isEqualTo("0");
        assertThat(tiny.ok("ps", "-q", "--filter", "health=healthy", "--filter", "name=box")).hasLineCount(1);
        assertThat(tiny.ok("ps", "-q", "--filter", "health=none")).isEmpty();
        assertThat(tiny.ok("logs", "box")).isEmpty();

        tiny.ok("exec", "-u", "0", "box", "rm", "/ok");
        await("unhealthy");
        assertThat(transitions()).containsExactly("null starting", "starting unhealthy", "unhealthy healthy",
                "healthy unhealthy");
        tiny.ok("stop", "--time", "0", "box");
        String last = health("");
        assertThat(last).contains("unhealthy");
        assertThat(tiny.ok("ps", "-a")).doesNotContain("health");
        assertThat(health("")).isEqualTo(last);
    }

    private List<String> transitions() throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection record = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/tiny.db"));
                ResultSet rows = record.createStatement().executeQuery("SELECT from_state, to_state FROM transition "
                        + "WHERE cause = 'health check' ORDER BY id")) {
            while (rows.next()) {
                found.add(rows.getString(1) + " " + rows.getString(2));
            }
        }
        return found;
    }

    @Test
    void aCheckThatTakesTooLongIsKilledWithWhatItHasStarted() throws IOException {
        run("box", "--health-cmd", "echo begun; sleep 999 | cat; true", "--health-interval", "100ms",
                "--health-timeout",
                "300ms", "--health-retries", "2");
        await("unhealthy");
        // Where others have the processor, its time may be up before it has begun.
        Awaitility.await().untilAsserted(() -> assertThat(health(".Log"))
                .contains("\"ExitCode\":-1", "longer than 300 ms: begun\\n"));
        assertThat(tiny.ok("exec", "box", "ps").lines().filter(line -> line.endsWith("sleep 999")).count())
                .isLessThanOrEqualTo(1);
        tiny.ok("stop", "--time", "0", "box");
        Awaitility.await().untilAsserted(() -> assertThat(list(directory.resolve("run/e"))).isEmpty());
    }

    @Test
    void theNextEngineGoesOn() throws IOException {
        // The next engine's first check may come before the file does, and then takes all of its time.
        run("box", "--health-cmd", "test -e /ok || sleep 999", "--health-interval", "100ms", "--health-timeout", "5s");
        Awaitility.await().untilAsserted(() -> assertThat(tiny.ok("exec", "box", "ps")).contains("sleep 999"));
        ProcessHandle engine = tiny.engine();
        engine.destroyForcibly();
        Tiny.awaitEnd(engine);
        assertThat(health(".Status")).isEqualTo("\"starting\"");
        tiny.ok("exec", "box", "touch", "/ok");
        await("healthy");
        assertThat(tiny.ok("exec", "box", "ps")).doesNotContain("sleep 999");
    }

    @Test
    void whoWantsNoChecksPaysForNone() throws IOException {
        run("box");
        assertThat(tiny.ok("inspect", "box")).doesNotContain("Health");
        assertThat(tiny.ok("ps")).doesNotContain("health");
        assertThat(threads()).isEmpty();
        for (int i = 0; i < 8; i++) {
            run("checked" + i, "--health-cmd", "true", "--health-interval", "50ms");
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(tiny.ok("ps", "-q", "--filter", "health=healthy")).hasLineCount(8));
        assertThat(threads()).hasSizeBetween(1, 5);
    }

    @Test
    void containersThatStandStillKeepNobodyWaiting() throws IOException {
        List<Path> frozen = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                run("still" + i, "--health-cmd", "true", "--health-interval", "1s", "--health-timeout", "500ms",
                        "--health-retries", "1");
                frozen.add(freezer(tiny.ok("inspect", "-f", "{{.Id}}", "still" + i).strip()));
                freeze(frozen.getLast(), true);
            }
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(
                    () -> assertThat(tiny.ok("ps", "-q", "--filter", "health=unhealthy")).hasLineCount(5));
            run("box", "--health-cmd", "true", "--health-interval", "50ms");
            await("healthy");
        } finally {
            for (Path state : frozen) {
                freeze(state, false);
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(
                () -> assertThat(tiny.ok("ps", "-q", "--filter", "health=healthy")).hasLineCount(6));
    }

    private static Path freezer(String id) throws IOException {
        try (Stream<Path> cgroups = Files.walk(Path.of("/sys/fs/cgroup"), 3)) {
            return cgroups.filter(cgroup -> cgroup.endsWith(id)).flatMap(cgroup -> Stream.of(
                    cgroup.resolve("freezer.state"), cgroup.resolve("cgroup.freeze"))).filter(Files::exists).findFirst()
                    .orElseThrow();
        }
    }

    private static void freeze(Path state, boolean still) throws IOException {
        boolean first = state.endsWith("freezer.state");
        Files.writeString(state, still ? first ? "FROZEN" : "1" : first ? "THAWED" : "0");
    }

    @Test
    void whatCannotBeExecutedIsAFailureAndMistakesAreNamed() throws IOException {
        run("box", "--health-cmd", "nonesuch", "--health-interval", "50ms", "--health-retries", "1");
        await("unhealthy");
        assertThat(health(".Log")).contains("\"ExitCode\":127", "nonesuch: not found");
        Tiny.Result both = tiny.tiny("run", "--no-healthcheck", "--health-cmd", "x", "busybox");
        assertThat(both.status()).isEqualTo(125);
        assertThat(both.err()).startsWith("cannot use 'true' for --no-healthcheck").hasLineCount(1);
        assertThat(tiny.tiny("run", "--health-interval", "soon", "busybox").err())
                .isEqualTo("cannot read the duration 'soon': it is none of up to a year; give one as in 500ms, 30s or "
                        + "1m30s\n");
        assertThat(tiny.tiny("ps", "--filter", "health=ill").err()).contains("there is no health 'ill'");
    }
}
