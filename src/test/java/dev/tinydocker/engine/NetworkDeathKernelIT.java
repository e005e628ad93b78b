package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.HostState;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The engine is killed by strace(1) before each of the messages with which it changes links, addresses and rules, before
 * each time it takes a port or starts a shim, and in networks' commands before each commit of its record: in a life with
 * networks and ports of all kinds. What the next engine finds has exactly what the record says, and all of it can be removed.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NetworkDeathKernelIT {

    private static final String PARENT = "tdparent";
    private static final String END = "the engine's end";

    private static final List<String> LIFE = List.of(
            "network create --subnet 10.231.40.0/24 --subnet fd00:231:40::/64 six",
            "network create --internal inner",
            "network create -d macvlan -o parent=" + PARENT + " --subnet 198.51.100.0/24 lan",
            "run -d --name web --net six --net inner --network-alias www -p 18095-18096:80-81/udp "
                    + "-p [2001:db8:5::1]:18097:80 --rootfs ROOTFS sleep 1000",
            "network connect isolated web", "network connect lan web", "network disconnect six web",
            "network disconnect lan web", "rm -f web", "network rm six", END);

    /** A call that changes something. */
    private static final Pattern CHANGE = Pattern.compile(
            "^(\\d+) +(?:(sendto)\\(.*RTM_(?:NEW|DEL|SET)|(sendmsg)\\(.*BATCH_BEGIN|(bind)\\(.*(?:htons\\(1809\\d\\)"
                    + "|sun_path=))");
    /** The last page of a commit in SQLite's journal: its head has the size of the database, other ones have 0 there. */
    private static final Pattern COMMIT = Pattern
            .compile("^(\\d+) +pwrite64\\(\\d+, \"(\\\\x..){4}(?!(\\\\x00){4})(\\\\x..){20}\", 24,");
    private static final Pattern CALL = Pattern.compile("^(\\d+) +(sendto|sendmsg|bind|pwrite64)\\(");

    /** The n-th such call of a thread since a command of {@link #LIFE} began. */
    private record Moment(int command, String call, int n) {
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
        Commands.run("ip", "link", "add", PARENT, "type", "bridge");
        Commands.run("ip", "addr", "add", "2001:db8:5::1/64", "dev", PARENT, "nodad");
        Commands.run("ip", "link", "set", PARENT, "up");
    }

    @AfterEach
    void end() throws IOException {
        tiny.close();
        Commands.run("ip", "link", "delete", PARENT);
        host.assertUnchanged();
    }

    @Test
    void whateverStepIsTheLastOneTheNextEngineKnowsWhatThereIsAndRemovesIt() throws Exception {
        List<Moment> moments = new ArrayList<>();
        tiny.tiny("version");
        for (int i = 0; i < LIFE.size(); i++) {
            moments.addAll(moments(i));
        }
        assertThat(moments).as("changes that an engine makes").hasSizeGreaterThan(40);
        tiny.tiny("network", "prune", "-f");
        int deaths = 0;
        for (Moment moment : moments) {
            tiny.tiny("version");
            ProcessHandle engine = tiny.engine();
            for (String command : LIFE.subList(0, moment.command())) {
                assertThat(run(command).status()).as(command).isZero();
            }
            Process tracer = trace("-e", "inject=" + moment.call() + ":signal=KILL:when=" + moment.n());
            run(LIFE.get(moment.command()));
            tracer.destroyForcibly().waitFor();
            tiny.tiny("version");
            deaths += tiny.engine().pid() == engine.pid() ? 0 : 1;
            soon().untilAsserted(() -> assertSettled(moment));
            tiny.tiny("rm", "-f", "web");
            tiny.tiny("network", "prune", "-f");
            soon().untilAsserted(() -> assertThat(left()).as("after %s", moment).isEmpty());
        }
        assertThat(deaths).as("of %s", moments).isGreaterThan(moments.size() * 3 / 4);
    }

    /** Which calls of a command change something, without an accident. */
    private Set<Moment> moments(int command) throws Exception {
        Path trace = directory.resolve("trace");
        Process tracer = trace("-xx", "-o", trace.toString());
        Tiny.Result result = run(LIFE.get(command));
        assertThat(result.status()).as(result.err()).isZero();
        tracer.destroyForcibly().waitFor();
        boolean ofNetworks = LIFE.get(command).matches("(network (connect|disconnect|rm)|rm) .*");
        Map<String, Integer> counts = new HashMap<>();
        Set<Moment> found = new LinkedHashSet<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher call = CALL.matcher(line);
            if (call.find()) {
                int n = counts.merge(call.group(1) + call.group(2), 1, Integer::sum);
                if (CHANGE.matcher(line).find() || ofNetworks && COMMIT.matcher(line).find()) {
                    found.add(new Moment(command, call.group(2), n));
                }
            }
        }
        return found;
    }

    private Tiny.Result run(String command) throws IOException {
        if (command.equals(END)) {
            ProcessHandle engine = tiny.engine();
            engine.destroy();
            Tiny.awaitEnd(engine);
            return new Tiny.Result(0, "", "");
        }
        return tiny.tiny(command.replace("ROOTFS", directory.resolve("rootfs").toString()).split(" "));
    }

    /** strace(1) looks at the engine, with these words. */
    private Process trace(String... words) throws IOException {
        ProcessHandle engine = tiny.engine();
        List<String> strace = Stream.concat(Stream.of("strace", "-f", "-qq", "-p", Long.toString(engine.pid()), "-e",
                "trace=sendto,sendmsg,bind,pwrite64", "-e", "signal=none"), Stream.of(words)).toList();
        Process tracer = new ProcessBuilder(strace).redirectErrorStream(true)
                .redirectOutput(directory.resolve("strace.out").toFile()).start();
        soon().until(() -> isTraced(engine));
        return tracer;
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20));
    }

    private static boolean isTraced(ProcessHandle engine) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + engine.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                try {
                    if (Files.readString(thread.resolve("status")).contains("TracerPid:\t0")) {
                        return false;
                    }
                } catch (IOException e) {
                    // It has ended while we looked.
                    continue;
                }
            }
            return true;
        }
    }

    /** The container has what it is said to have, the bridges for that are there, and its ports lead somewhere. */
    private void assertSettled(Moment moment) throws Exception {
        List<String> leases = rows("SELECT address FROM lease");
        String pid = tiny.tiny("inspect", "-f", "{{.State.Pid}}", "web").out().strip();
        boolean runs = !pid.isEmpty() && !pid.equals("0");
        List<String> inside = runs ? Commands.run("nsenter", "--net=/proc/" + pid + "/ns/net", "sh", "-c",
                "ip -o link | grep -v ': lo:'; ip -4 -o addr show scope global").lines().toList() : List.of();
        assertThat(inside.stream().filter(line -> line.contains(" inet "))
                .map(line -> line.replaceFirst(".*inet ([0-9.]+)/.*", "$1"))).as("addresses after %s", moment)
                .containsExactlyInAnyOrderElementsOf(leases);
        assertThat(inside).as("links and addresses after %s", moment).hasSize(2 * leases.size());
        assertThat(links("tiny-|" + bridge)).as("bridges after %s", moment).isSubsetOf(rows("SELECT link FROM network"))
                .containsAll(rows("SELECT link FROM network WHERE driver = 'BRIDGE' AND number IN "
                        + "(SELECT network_id FROM lease)"));
        String rules = Commands.run("nft", "list", "ruleset");
        assertThat(rows("SELECT host_port FROM published_port WHERE host_address NOT LIKE '%:%'")).as("after %s", moment)
                .allMatch(port -> rules.contains(" . " + port + " : "));
    }

    private static List<String> links(String names) throws IOException {
        return Commands.run("ip", "-o", "link").lines().filter(line -> line.matches("\\d+: (" + names + ").*"))
                .map(line -> line.replaceFirst("\\d+: ([^:@]+).*", "$1")).toList();
    }

    /** But for the default network's bridge, which stays for a while, and is gone with the last engine. */
    private List<String> left() throws IOException, SQLException {
        List<String> left = new ArrayList<>(rows("SELECT container_id FROM lease UNION ALL SELECT container_id FROM "
                + "published_port UNION ALL SELECT id FROM container UNION ALL SELECT name FROM network WHERE name IN "
                + "('six', 'inner', 'lan')"));
        left.addAll(links("tiny-|tny"));
        return left;
    }

    private List<String> rows(String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection record = DriverManager.getConnection("jdbc:sqlite:" + tiny.data.resolve("tiny.db"));
                ResultSet rows = record.createStatement().executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
