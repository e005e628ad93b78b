package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.HostState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine is killed by strace(1) before each of the messages with which it changes links, addresses and rules, and before
 * each time it takes a port: from the first container's start to the removal of the bridge. The next engine leaves
 * nothing of it.
 */
@Timeout(300)
class NetworkDeathKernelIT {

    private static final int PORT = 18095;

    /** A call that changes something; what only asks begins otherwise. */
    private static final Pattern CHANGE = Pattern.compile(
            "^(\\d+) +(?:(sendto)\\(.*RTM_(?:NEW|DEL|SET)|(sendmsg)\\(.*BATCH_BEGIN|(bind)\\(.*htons\\(" + PORT + "\\))");
    private static final Pattern CALL = Pattern.compile("^(\\d+) +(sendto|sendmsg|bind)\\(");

    /** The n-th such call of a thread. */
    private record Moment(String call, int n) {
    }

    @TempDir
    Path directory;

    private final HostState host = new HostState();
    private Tiny tiny;
    private String bridge;

    @BeforeEach
    void begin() throws IOException {
        tiny = new Tiny(directory);
        bridge = "tl-" + ProcessHandle.current().pid();
        BusyboxTree.make(Files.createDirectory(directory.resolve("rootfs")));
    }

    @AfterEach
    void end() throws IOException {
        tiny.close();
        host.assertUnchanged();
    }

    @Test
    void whateverStepIsTheLastOneTheNextEngineLeavesNothingOfTheNetwork() throws Exception {
        List<Moment> moments = moments();
        assertThat(moments).as("changes that an engine makes").hasSizeGreaterThan(8);
        for (Moment moment : moments) {
            life("-e", "inject=" + moment.call() + ":signal=KILL:when=" + moment.n());
            tiny.tiny("version");
            Awaitility.await().untilAsserted(() -> assertThat(left()).as("after %s", moment).isEmpty());
            new ServerSocket(PORT).close();
        }
    }

    /** Which calls change something, in a life without an accident. */
    private List<Moment> moments() throws Exception {
        Path trace = directory.resolve("trace");
        life("-o", trace.toString());
        Map<String, Integer> counts = new HashMap<>();
        List<Moment> found = new ArrayList<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher call = CALL.matcher(line);
            if (call.find()) {
                int n = counts.merge(call.group(1) + call.group(2), 1, Integer::sum);
                if (CHANGE.matcher(line).find()) {
                    found.add(new Moment(call.group(2), n));
                }
            }
        }
        return found;
    }

    /** An engine, a container with a published port, and the end of both; strace watches it with these words. */
    private void life(String... words) throws Exception {
        assertThat(tiny.tiny("version").status()).isZero();
        ProcessHandle engine = tiny.engine();
        List<String> strace = new ArrayList<>(List.of("strace", "-f", "-qq", "-p", Long.toString(engine.pid()), "-e",
                "trace=sendto,sendmsg,bind", "-e", "signal=none"));
        strace.addAll(List.of(words));
        Process tracer = new ProcessBuilder(strace).redirectErrorStream(true)
                .redirectOutput(directory.resolve("strace.out").toFile()).start();
        awaitTraced(engine);
        tiny.tiny("run", "--rm", "--net", "isolated", "-p", PORT + ":80", "--rootfs",
                directory.resolve("rootfs").toString(), "true");
        engine.destroy();
        Tiny.awaitEnd(engine);
        tracer.waitFor();
    }

    private static void awaitTraced(ProcessHandle engine) {
        Awaitility.await().until(() -> {
            for (Path thread : Files.list(Path.of("/proc/" + engine.pid() + "/task")).toList()) {
                if (Files.readString(thread.resolve("status")).contains("TracerPid:\t0")) {
                    return false;
                }
            }
            return true;
        });
    }

    private List<String> left() throws IOException, SQLException {
        List<String> left = new ArrayList<>();
        Commands.run("ip", "-o", "link").lines().filter(line -> line.contains(bridge)).forEach(left::add);
        Commands.run("nft", "list", "tables").lines().filter(line -> line.contains(bridge)).forEach(left::add);
        try (Connection record = DriverManager.getConnection("jdbc:sqlite:" + tiny.data.resolve("tiny.db"));
                ResultSet rows = record.createStatement().executeQuery("SELECT container_id FROM lease UNION ALL "
                        + "SELECT container_id FROM published_port UNION ALL SELECT id FROM container")) {
            while (rows.next()) {
                left.add(rows.getString(1));
            }
        }
        return left;
    }
}
