package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.support.Commands;
import dev.tinydocker.support.RealImages;
import dev.tinydocker.support.RegistryProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that people run, from images made as theirs are, pulled from a real registry and used by their clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RealImagesKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** All there is to know of a tree, a line each: $1 is the directory. */
    private static final String LISTING = """
            cd "$1" && export LC_ALL=C
            find . -type d -printf '%p %y %#m %U:%G %T@\\n' -o -printf '%p %y %#m %U:%G %T@ %s %n -> %l\\n' | sort
            find . -type f -print0 | sort -z | xargs -0 sha256sum
            find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex""";

    @TempDir
    static Path directory;

    private final Map<String, String> pulled = new LinkedHashMap<>();
    private Path layout;
    private Tiny tiny;
    private RegistryProcess registry;

    @BeforeAll
    void begin() throws IOException {
        layout = RealImages.layout();
        tiny = new Tiny(directory);
        registry = RegistryProcess.open(Files.createDirectory(directory.resolve("registry")));
        for (String tag : RealImages.TAGS) {
            registry.push(layout, tag, "library/" + tag + ":1");
            pulled.put(tag, tiny.ok("pull", image(tag)));
        }
    }

    @AfterAll
    void end() throws IOException {
        tiny.close();
        registry.close();
        tiny.awaitNothingLeft();
        // Links of an image lead anywhere: not for JUnit to delete.
        Commands.run("rm", "-rf", tiny.data.toString(), directory.resolve("other").toString());
    }

    private String image(String tag) {
        return registry.name() + "/library/" + tag + ":1";
    }

    /** What a client prints once it succeeds. */
    private static String eventually(String... client) {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).ignoreExceptions()
                .until(() -> Commands.run(client), _ -> true);
    }

    /** Waits until the image's own check finds that it works. */
    private void awaitHealthy(String name) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() ->
                assertThat(tiny.ok("inspect", "-f", "{{.State.Health.Status}}", name)).isEqualTo("healthy\n"));
    }

    private String log(String name) throws IOException {
        Tiny.Result result = tiny.tiny("logs", name);
        return result.out() + result.err();
    }

    @Test
    void theBaseOfAllIsDownloadedAndUnpackedOnce() throws IOException {
        List<String> layers = new ArrayList<>();
        for (String tag : RealImages.TAGS) {
            layers.addAll(tiny.ok("image", "inspect", "-f", "{{.GraphDriver.Data.LowerDir}}", image(tag)).strip()
                    .transform(all -> List.of(all.split(":"))));
        }
        String base = layers.stream().filter(layer -> layers.indexOf(layer) != layers.lastIndexOf(layer)).findFirst()
                .orElseThrow();
        assertThat(layers.stream().filter(base::equals)).hasSameSizeAs(RealImages.TAGS);
        assertThat(Path.of(base)).isDirectory();
        assertThat(pulled.values().stream().filter(said -> said.contains(": Already exists"))).hasSize(2);
        assertThat(layers.stream().distinct()).allSatisfy(layer -> assertThat(Path.of(layer)).isDirectory());
    }

    @Test
    void suGivesUpRootAndNoFileGivesItBackUnlessThatIsAllowed() throws IOException {
        String script = """
                cp /usr/bin/id /usr/local/bin/id-of-root && chmod u+s /usr/local/bin/id-of-root
                cp /usr/bin/grep /usr/local/bin/grep-raw
                python3 -c 'import os; os.setxattr("/usr/local/bin/grep-raw", "security.capability", \\
                    bytes.fromhex("0100000200200000000000000000000000000000"))'
                su -s /bin/sh www-data -c 'id -un; id-of-root -u; grep-raw CapEff /proc/self/status'
                """;
        String[] as = { "--user", "0", image("python"), "sh", "-ec", script };
        assertThat(tiny.ok(run(as))).isEqualTo("www-data\n33\nCapEff:\t0000000000000000\n");
        assertThat(tiny.ok(run(as, "--security-opt", "no-new-privileges=false")))
                .isEqualTo("www-data\n0\nCapEff:\t0000000000002000\n");
    }

    /** apt-get gives up root for what it fetches, dpkg gives files away, and the package's script makes a user. */
    @Test
    void aptGetInstallsAPackage() throws IOException {
        String script = """
                mkdir -p /tmp/p/DEBIAN /tmp/p/usr/share/jail
                printf 'Package: jail\\nVersion: 1\\nArchitecture: all\\nMaintainer: n <n@invalid>\\nDescription: d\\n' \
                    >/tmp/p/DEBIAN/control
                printf '#!/bin/sh\\nset -e\\nuseradd --system jailer\\nchown jailer: /usr/share/jail\\nchmod 2750 /usr/share/jail\\n' \
                    >/tmp/p/DEBIAN/postinst
                chmod 755 /tmp/p/DEBIAN/postinst
                mkdir -m 755 /srv/debs
                dpkg-deb --build /tmp/p /srv/debs/jail.deb >/dev/null
                apt-get install -qq -y /srv/debs/jail.deb >/tmp/log 2>&1 || { cat /tmp/log; exit 1; }
                stat -c '%U %a' /usr/share/jail
                dpkg-query -f '${Status}\\n' -W jail
                """;
        assertThat(tiny.ok(run(new String[] { "--user", "0", image("python"), "sh", "-ec", script })))
                .isEqualTo("jailer 2750\ninstall ok installed\n");
    }

    @Test
    void redisKeepsWhatItIsGivenForAsLongAsItRuns() throws IOException {
        tiny.ok("run", "-d", "--name", "redis", "--net", "none", "--tmpfs", "/var/lib/redis", "--read-only", "-w",
                "/var/lib/redis", "--user", "redis", image("python"), "redis-server", "--bind", "127.0.0.1");
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() ->
                assertThat(tiny.ok("exec", "redis", "redis-cli", "set", "word", "kept")).isEqualTo("OK\n"));
        assertThat(tiny.ok("exec", "redis", "sh", "-c", "redis-cli save && redis-cli get word"))
                .isEqualTo("OK\nkept\n");
        tiny.ok("stop", "redis");
        assertThat(tiny.ok("inspect", "-f", "{{.State.ExitCode}}", "redis")).isEqualTo("0\n");
        assertThat(log("redis")).contains("Ready to accept connections", "ready to exit");
        tiny.ok("rm", "redis");
    }

    /** Its file has a capability that no_new_privs takes away; it does without. */
    @Test
    void aUserThatIsNotRootPings() throws IOException {
        assertThat(tiny.ok(run(new String[] { image("python"), "sh", "-c", "id -un; ping -c 1 127.0.0.1" })))
                .startsWith("www-data\n").contains("1 received");
    }

    private static String[] run(String[] words, String... options) {
        List<String> all = new ArrayList<>(List.of("run", "--rm", "--net", "none"));
        all.addAll(List.of(options));
        all.addAll(List.of(words));
        return all.toArray(String[]::new);
    }

    @Test
    void nginxServesAPageAndEndsOnSigquit() throws IOException {
        String port = Integer.toString(RegistryProcess.freePort());
        tiny.ok("run", "-d", "--name", "web", "--net", "host", "-e", "PORT=" + port, image("nginx"));
        assertThat(eventually("curl", "-sf", "http://127.0.0.1:" + port + "/")).contains("served from an image");
        awaitHealthy("web");
        tiny.ok("stop", "web");
        assertThat(tiny.ok("inspect", "-f", "{{.State.ExitCode}} {{.Config.StopSignal}}", "web"))
                .isEqualTo("0 SIGQUIT\n");
        assertThat(log("web")).contains("\"GET / HTTP/1.1\" 200");
        tiny.ok("rm", "web");
    }

    @Test
    void pythonServesWhatItsUserWroteToTheVolume() throws IOException {
        String port = Integer.toString(RegistryProcess.freePort());
        tiny.ok("run", "-d", "--name", "files", "--net", "host", "--read-only", image("python"), "python3", "-m",
                "http.server", "--bind", "127.0.0.1", port);
        assertThat(tiny.ok("exec", "files", "sh", "-c", "echo written by $(id -un) >note; pwd")).isEqualTo("/srv\n");
        assertThat(eventually("curl", "-sf", "http://127.0.0.1:" + port + "/note")).isEqualTo("written by www-data\n");
        tiny.ok("stop", "files");
        assertThat(log("files")).contains("\"GET /note HTTP/1.1\" 200", "Keyboard interrupt received, exiting");
        tiny.ok("rm", "files");
    }

    @Test
    void postgresKeepsATableShutsDownInOrderAndStartsAnew() throws IOException {
        String port = Integer.toString(RegistryProcess.freePort());
        String[] run = { "run", "-d", "--name", "db", "--net", "host", "-e", "POSTGRES_HOST_AUTH_METHOD=trust", "-e",
            "PGPORT=" + port, image("postgres"), "postgres", "-c", "listen_addresses=127.0.0.1" };
        tiny.ok(run);
        awaitHealthy("db");
        assertThat(eventually("psql", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-Atc", "SELECT 6 * 7"))
                .isEqualTo("42\n");
        assertThat(Commands.run("psql", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-Atq", "-c",
                "CREATE TABLE word (id serial PRIMARY KEY, text varchar)", "-c",
                "INSERT INTO word (text) SELECT 'word ' || n FROM generate_series(1, 10000) n", "-c",
                "SELECT count(*), max(id), min(text) FROM word")).isEqualTo("10000|10000|word 1\n");
        assertThat(tiny.ok("exec", "-u", "postgres", "db", "psql", "-Atc", "SELECT text FROM word WHERE id = 77"))
                .isEqualTo("word 77\n");
        tiny.ok("stop", "--time", "60", "db");
        assertThat(tiny.ok("inspect", "-f", "{{.State.ExitCode}}", "db")).isEqualTo("0\n");
        assertThat(log("db")).contains("database system is ready to accept connections",
                "received fast shutdown request", "database system is shut down");
        tiny.ok("rm", "db");

        tiny.ok(run);
        assertThat(eventually("psql", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-Atc",
                "SELECT count(*) FROM pg_tables WHERE tablename = 'word'")).isEqualTo("0\n");
        tiny.ok("rm", "-f", "db");
    }

    @Test
    void theFilesAreThoseThatUmociUnpacks() throws IOException {
        for (String tag : RealImages.TAGS) {
            Path bundle = directory.resolve("bundle-" + tag);
            Commands.run("umoci", "unpack", "--image", layout + ":" + tag, bundle.toString());
            String theirs = Commands.run("sh", "-ec", LISTING, "sh", bundle.resolve("rootfs").toString());
            String lower = tiny.ok("image", "inspect", "-f", "{{.GraphDriver.Data.LowerDir}}", image(tag)).strip();
            Path root = Files.createDirectory(directory.resolve("root-" + tag));
            String ours = Commands.run("unshare", "-m", "sh", "-ec", "mount -t overlay -o ro,lowerdir=$2 none \"$1\"\n"
                    + LISTING, "sh", root.toString(), lower);
            assertThat(ours.lines()).as(tag).containsExactlyElementsOf(theirs.lines().toList());
            assertThat(ours).contains("security.capability=0x01", "user.origin");
            Commands.run("rm", "-rf", bundle.toString());
        }
    }

    @Test
    void whatIsSavedLoadedAndCopiedElsewhereIsTheSameToTheLastBit() throws IOException {
        Path archive = directory.resolve("saved.tar");
        String before = tiny.ok("image", "inspect", "-f", "{{.Id}} {{.RootFS.Layers}} {{.Descriptor.digest}}",
                image("postgres"));
        String manifest = manifest("library/postgres:1");
        tiny.ok("save", "-o", archive.toString(), image("postgres"));

        try (Tiny other = new Tiny(Files.createDirectory(directory.resolve("other")))) {
            assertThat(other.tiny("load", "-i", archive.toString()).err()).isEmpty();
            assertThat(other.tiny("image", "inspect", "-f", "{{.Id}} {{.RootFS.Layers}} {{.Descriptor.digest}}",
                    image("postgres")).out()).isEqualTo(before);
            Path again = directory.resolve("again");
            assertThat(other.tiny("save", "-o", again + "/", image("postgres")).status()).isZero();
            Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", "oci:" + again
                    + ":1", "docker://" + registry.name() + "/elsewhere/postgres:2");
        }
        assertThat(manifest("elsewhere/postgres:2")).isEqualTo(manifest);
        String name = registry.name() + "/elsewhere/postgres:2";
        assertThat(tiny.ok("pull", name)).doesNotContain("Pull complete");
        assertThat(tiny.ok("image", "inspect", "-f", "{{.Id}} {{.RootFS.Layers}} {{.Descriptor.digest}}", name))
                .isEqualTo(before);
    }

    private String manifest(String name) throws IOException {
        return Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + registry.name() + "/"
                + name);
    }
}
