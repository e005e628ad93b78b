package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** What {@code explain} says of a container is what others find: readlink, nsenter, ip, nft, and the container itself. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AnatomyKernelIT {

    @TempDir
    static Path directory;

    private static Tiny tiny;
    private static JsonNode web;
    private static String pid;

    @BeforeAll
    static void start() throws IOException {
        tiny = new Tiny(directory);
        Path shown = Files.writeString(directory.resolve("shown"), "x");
        out(tiny.tiny("run", "-d", "--name", "web", "-m", "64m", "--pids-limit", "77", "-p", "18081:80",
                "-v", shown + ":/shown:ro", "--tmpfs", "/scratch", "busybox", "sleep", "1000"));
        pid = out(tiny.tiny("inspect", "-f", "{{.State.Pid}}", "web"));
        web = explained("web");
    }

    @AfterAll
    static void close() throws IOException {
        tiny.close();
        tiny.awaitNothingLeft();
    }

    private static JsonNode explained(String... words) throws IOException {
        List<String> argv = new ArrayList<>(List.of("explain", "--json"));
        argv.addAll(List.of(words));
        return JsonMapper.builder().build().readTree(out(tiny.tiny(argv.toArray(String[]::new))));
    }

    private static String out(Tiny.Result result) {
        assertThat(result.status()).as(result.err()).isZero();
        return result.out().strip();
    }

    private static String host(String command) throws IOException {
        return out(Tiny.finish(tiny.start(List.of("sh", "-c", command))));
    }

    private static String inside(String command) throws IOException {
        return out(tiny.tiny("exec", "web", "sh", "-c", command));
    }

    private static JsonNode with(JsonNode list, String field, String value) {
        return StreamSupport.stream(list.spliterator(), false).filter(each -> each.get(field).asString().equals(value))
                .findFirst().orElseThrow(() -> new AssertionError("no " + value + " in " + list));
    }

    @Test
    void namespacesHaveTheirNumbersAndTheHosts() throws IOException {
        assertThat(web.get("namespaces")).hasSizeGreaterThanOrEqualTo(7);
        for (JsonNode each : web.get("namespaces")) {
            String kind = each.get("kind").asString();
            assertThat(inside("readlink /proc/self/ns/" + kind)).isEqualTo(kind + ":[" + each.get("number") + "]");
            String host = host("readlink /proc/self/ns/" + kind);
            assertThat(host).isEqualTo(kind + ":[" + each.get("hostNumber") + "]");
            assertThat(each.get("own").asBoolean()).isEqualTo(!each.get("number").equals(each.get("hostNumber")));
        }
        assertThat(with(web.get("namespaces"), "kind", "pid").get("own").asBoolean()).isTrue();
    }

    @Test
    void everyMountTheContainerSeesIsToldAndNoOther() throws IOException {
        TreeSet<String> seen = new TreeSet<>(inside("awk '{ print $5 }' /proc/1/mountinfo").lines().toList());
        List<String> told = web.get("mounts").valueStream().map(mount -> mount.get("target").asString()).toList();
        assertThat(told).containsExactlyElementsOf(seen);
        JsonNode root = with(web.get("mounts"), "target", "/");
        assertThat(root.get("origin").asString()).isEqualTo("IMAGE");
        inside("echo written >/written");
        assertThat(Path.of(root.get("layers").get(0).get("path").asString(), "written")).hasContent("written\n");
        assertThat(Path.of(root.get("layers").get(1).get("path").asString(), "bin", "busybox")).exists();
        JsonNode shown = with(web.get("mounts"), "target", "/shown");
        assertThat(shown.get("origin").asString()).isEqualTo("BIND");
        assertThat(shown.get("from").asString()).isEqualTo(directory.resolve("shown").toString());
        assertThat(shown.get("options").toString()).contains("\"ro\"");
        assertThat(with(web.get("mounts"), "target", "/scratch").get("origin").asString()).isEqualTo("MEMORY");
        assertThat(with(web.get("mounts"), "target", "/etc/hosts").get("origin").asString()).isEqualTo("ENGINE");
        assertThat(with(web.get("mounts"), "target", "/proc/sys").get("origin").asString()).isEqualTo("MASK");
    }

    @Test
    void limitsAreThoseThatWereAskedAndTheFilesThatSaySoAreThere() throws IOException {
        JsonNode memory = with(web.get("figures"), "what", "memory");
        assertThat(memory.get("limit").asLong()).isEqualTo(64L << 20);
        assertThat(memory.get("used").asLong()).isPositive();
        assertThat(with(web.get("figures"), "what", "processes").get("limit").asLong()).isEqualTo(77);
        List<String> cgroups = Files.readAllLines(Path.of("/proc", pid, "cgroup"));
        for (JsonNode place : web.get("cgroups")) {
            assertThat(cgroups).anyMatch(line -> line.endsWith(":" + place.get("path").asString()));
        }
        assertThat(web.get("cgroups").valueStream().map(place -> Path.of(place.get("directory").asString(),
                memory.get("limitFile").asString())).filter(Files::exists).findFirst()).hasValueSatisfying(file ->
                assertThat(file).hasContent((64L << 20) + "\n"));
    }

    @Test
    void theWayToTheNetworkIsTheOneThatIpAndNftSee() throws IOException {
        JsonNode network = web.get("network");
        JsonNode link = with(network.get("links"), "name", "eth0");
        assertThat(inside("cat /sys/class/net/eth0/address /sys/class/net/eth0/ifindex /sys/class/net/eth0/iflink "
                + "/sys/class/net/eth0/mtu").lines()).containsExactly(link.get("mac").asString(),
                        link.get("index").toString(), link.get("peer").get("index").toString(),
                        link.get("mtu").toString());
        String peer = link.get("peer").get("name").asString();
        assertThat(host("cat /sys/class/net/" + peer + "/ifindex")).isEqualTo(link.get("peer").get("index").toString());
        String bridge = link.get("bridge").get("name").asString();
        assertThat(host("readlink /sys/class/net/" + peer + "/master")).endsWith("/" + bridge);
        assertThat(host("ip -o -4 addr show dev " + bridge)).contains(link.get("bridge").get("addresses").get(0)
                .asString());
        assertThat(inside("ip -o -4 addr show dev eth0")).contains(link.get("addresses").get(0).asString());
        JsonNode way = with(network.get("routes"), "destination", "default");
        assertThat(inside("ip route")).contains("default via " + way.get("gateway").asString() + " dev eth0");
        JsonNode port = network.get("ports").get(0);
        assertThat(port.get("outside").asString()).isEqualTo("0.0.0.0:18081");
        String table = port.get("map").asString();
        assertThat(host("nft list map " + table)).contains(port.get("element").asString());
        assertThat(port.get("element").asString()).startsWith("tcp . 18081 : ").endsWith(" . 80");
        assertThat(network.get("rules")).isNotEmpty();
        for (JsonNode rule : network.get("rules")) {
            assertThat(host("nft list chain " + table.substring(0, table.lastIndexOf(' ')) + " postrouting"))
                    .contains(rule.asString());
        }
    }

    @Test
    void usersAndCapabilitiesAreTheKernels() throws IOException {
        JsonNode range = web.get("users").get("users").get(0);
        assertThat(inside("awk '{ print $1, $2, $3 }' /proc/1/uid_map")).isEqualTo(range.get("inside") + " "
                + range.get("outside") + " " + range.get("size"));
        assertThat(host("capsh --decode=$(awk '/^CapEff/ { print $2 }' /proc/" + pid + "/status)"))
                .endsWith("=" + String.join(",", web.get("walls").get("effective").valueStream()
                        .map(name -> name.asString().toLowerCase(Locale.ROOT)).toList()));
        assertThat(inside("awk '/^Seccomp:|^NoNewPrivs/ { print $2 }' /proc/1/status").lines())
                .containsExactly(web.get("walls").get("noNewPrivileges").asBoolean() ? "1" : "0",
                        web.get("walls").get("seccomp").toString());
    }

    @Test
    void whoSharesANamespaceIsNamedAndADifferenceIsOne() throws IOException {
        out(tiny.tiny("run", "-d", "--name", "beside", "--net", "container:web", "--cap-add", "NET_ADMIN", "busybox",
                "sleep", "1000"));
        try {
            assertThat(with(explained("beside").get("namespaces"), "kind", "net").get("sharedWith").toString())
                    .isEqualTo("[\"web\"]");
            JsonNode differences = explained("web", "--diff", "beside");
            for (JsonNode each : differences) {
                boolean same = each.get("one").equals(each.get("other"));
                String what = each.get("subject").asString() + " " + each.get("aspect").asString();
                switch (what) {
                    case "namespace net", "namespace time" -> assertThat(same).as(what).isTrue();
                    case "namespace pid", "namespace mnt", "mount /shown", "limit memory", "capability NET_ADMIN" ->
                        assertThat(same).as(what).isFalse();
                    default -> assertThat(each.get("subject").asString()).isNotEmpty();
                }
            }
            assertThat(differences.toString()).contains("\"aspect\":\"NET_ADMIN\"", "\"aspect\":\"/shown\"");
        } finally {
            tiny.tiny("rm", "-f", "beside");
        }
    }

    @Test
    void whatAContainerHasMountedItselfIsNotTakenForOurs() throws IOException {
        out(tiny.tiny("run", "-d", "--name", "own", "--privileged", "busybox", "sleep", "1000"));
        try {
            out(tiny.tiny("exec", "own", "sh", "-c", "mkdir /o && mount -t tmpfs none /o && cd /o && mkdir l u w m 'a b' "
                    + "&& mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m && mount -t tmpfs none 'a b'"));
            JsonNode mounts = explained("own").get("mounts");
            JsonNode overlay = with(mounts, "target", "/o/m");
            assertThat(overlay.get("origin").asString()).isEqualTo("OTHER");
            assertThat(overlay.get("layers").valueStream().map(layer -> layer.get("path").asString()).toList())
                    .containsExactly("u", "l");
            assertThat(with(mounts, "target", "/o/a b").get("origin").asString()).isEqualTo("MEMORY");
        } finally {
            tiny.tiny("rm", "-f", "own");
        }
    }

    @Test
    void theHostIsInNamespacesOfItsOwnAndHasEveryMountOfTheEngine() throws IOException {
        JsonNode host = explained("host");
        assertThat(host.get("namespaces").valueStream().noneMatch(each -> each.get("own").asBoolean())).isTrue();
        assertThat(host.get("mounts").valueStream().map(mount -> mount.get("target").asString()).toList())
                .containsExactlyElementsOf(new TreeSet<>(host("awk '{ print $5 }' /proc/self/mountinfo").lines().toList()));
    }
}
