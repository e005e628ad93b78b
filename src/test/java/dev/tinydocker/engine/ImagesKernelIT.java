package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Containers of images that a real registry has, started with the program as it was built. */
@Timeout(180)
class ImagesKernelIT {

    private static final int MANY_LAYERS = 120;

    @TempDir
    Path directory;

    private Tiny tiny;
    private RegistryProcess registry;
    private Path layout;

    @BeforeEach
    void begin() throws IOException {
        tiny = new Tiny(directory);
        registry = RegistryProcess.open(Files.createDirectory(directory.resolve("registry")));
        layout = directory.resolve("layout");
        OciLayout.busybox(layout, "plain");
    }

    @AfterEach
    void end() throws IOException {
        tiny.close();
        registry.close();
        tiny.awaitNothingLeft();
    }

    private Tiny.Result run(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("run", "--rm"));
        Collections.addAll(all, words);
        return tiny.tiny(all.toArray(String[]::new));
    }

    private String image(String name) {
        return registry.name() + "/" + name;
    }

    private static void assertOk(Tiny.Result result, String output) {
        assertThat(result.out()).as(result.err()).isEqualTo(output);
        assertThat(result.status()).isZero();
    }

    @Test
    void anImageIsPulledOnceAndItsConfigurationHonoured() throws IOException {
        Commands.run("umoci", "insert", "--image", layout + ":plain", "--tag", "web", "/etc/hostname", "/data/seed");
        Commands.run("umoci", "config", "--image", layout + ":web", "--config.entrypoint", "/bin/sh",
                "--config.entrypoint", "-c", "--config.cmd",
                "echo $MODE; id -u; pwd; echo more >>/data/seed && wc -l </data/seed; echo $0", "--config.env",
                "MODE=fast", "--config.user", "7:8", "--config.workingdir", "/tmp", "--config.volume", "/data",
                "--config.stopsignal", "SIGINT", "--config.label", "tier=front");
        registry.push(layout, "web", "team/web:1.0");

        Tiny.Result first = run("-u", "0", "--read-only", image("team/web:1.0"));
        assertOk(first, "fast\n0\n/tmp\n2\n/bin/sh\n");
        assertThat(first.err()).contains("pulling '" + image("team/web:1.0") + "'");
        assertOk(run("--entrypoint", "/bin/id", image("team/web:1.0")), "uid=7 gid=8 groups=8\n");

        assertThat(tiny.tiny("run", "-d", "--name", "web", "--entrypoint", "/bin/sleep", image("team/web:1.0"), "60")
                .status()).isZero();
        assertOk(tiny.tiny("exec", "web", "/bin/sh", "-c", "echo $MODE; pwd"), "fast\n/tmp\n");
        assertOk(tiny.tiny("inspect", "-f", "{{range .Mounts}}{{.Type}} {{.Destination}}{{end}}", "web"), "volume /data\n");
        String digest = tiny.tiny("inspect", "-f", "{{index .RepoDigests 0}}", image("team/web:1.0")).out().strip();
        assertThat(tiny.tiny("images", digest).out()).contains(image("team/web") + " ", " <none> ");
        assertThat(tiny.tiny("inspect", "web").out()).contains("SIGINT", "\"tier\"", "front");
        Tiny.Result inUse = tiny.tiny("rmi", image("team/web:1.0"));
        assertThat(inUse.status()).isNotZero();
        assertThat(inUse.err()).contains("web:1.0").doesNotContain("Exception");
        assertOk(tiny.tiny("rm", "-f", "web"), "web\n");
        assertThat(tiny.tiny("rmi", image("team/web:1.0")).status()).isZero();
    }

    @Test
    void whenToPullIsAsked() throws IOException {
        registry.push(layout, "plain", "app:latest");
        Tiny.Result never = run("--pull", "never", image("app"), "true");
        assertThat(never.status()).isEqualTo(125);
        assertThat(never.err()).contains("cannot find the image '" + image("app") + "'").hasLineCount(1);
        assertOk(run("--pull", "missing", image("app"), "echo", "here"), "here\n");

        OciLayout.addFile(layout, "plain", "newer", "/news", "new\n".getBytes(StandardCharsets.UTF_8));
        registry.push(layout, "newer", "app:latest");
        assertThat(run(image("app"), "cat", "/news").status()).as("what is here is used").isEqualTo(1);
        Tiny.Result quiet = run("--pull", "always", "-q", image("app"), "cat", "/news");
        assertOk(quiet, "new\n");
        assertThat(quiet.err()).isEmpty();
        assertOk(run("--pull", "never", image("app"), "cat", "/news"), "new\n");
    }

    @Test
    void whatIsPushedIsWhatWasPulled() throws IOException {
        registry.push(layout, "plain", "app:latest");
        assertThat(tiny.tiny("pull", "-q", image("app")).status()).isZero();
        assertThat(tiny.tiny("tag", image("app"), image("team/copy:2")).status()).isZero();
        Tiny.Result pushed = tiny.tiny("push", image("team/copy:2"));
        assertThat(pushed.status()).as(pushed.err()).isZero();
        assertThat(manifest("team/copy:2")).isEqualTo(manifest("app:latest"));

        assertThat(tiny.tiny("rmi", image("app"), image("team/copy:2")).status()).isZero();
        assertThat(tiny.tiny("images", "-q").out()).isEmpty();
        assertOk(run(image("team/copy:2"), "echo", "back"), "back\n");
        Tiny.Result refused = tiny.tiny("push", image("team/none:1"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).startsWith("cannot ").contains("team/none:1").hasLineCount(1);
    }

    private String manifest(String name) throws IOException {
        return Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + image(name));
    }

    @Test
    void anImageOfVeryManyLayersStarts() throws IOException {
        String tag = "plain";
        for (int layer = 2; layer <= MANY_LAYERS; layer++) {
            OciLayout.addFile(layout, tag, "many", "/layers/" + layer, new byte[] { 'x' });
            tag = "many";
        }
        registry.push(layout, "many", "many:latest");
        assertOk(run(image("many"), "sh", "-c", "ls /layers | wc -l"), MANY_LAYERS - 1 + "\n");
    }

    @Test
    void aShortNameThatNoRegistryHasIsTheCatalogues() throws IOException {
        tiny.with("TINY_REGISTRY_DEFAULT", registry.name());
        Tiny.Result result = run("busybox", "echo", "hello");
        assertOk(result, "hello\n");
        assertThat(result.err()).contains("no registry has 'busybox'").contains("using the root file system");
        registry.push(layout, "plain", "busybox:latest");
        assertOk(run("busybox", "cat", "/proc/1/comm"), "cat\n");
        assertThat(tiny.tiny("images").out()).contains("busybox");
    }

    @Test
    void aMirrorThatTheConfigurationNamesServesARegistryThatIsGone() throws IOException {
        tiny.with("TINY_REGISTRY_MIRRORS", "hub.invalid=http://" + registry.name());
        registry.push(layout, "plain", "team/app:1");
        assertOk(run("hub.invalid/team/app:1", "echo", "mirrored"), "mirrored\n");
        assertThat(tiny.tiny("images", "--format", "{{.Repository}}").out()).isEqualTo("hub.invalid/team/app\n");
    }

    @Test
    void whatAContainerBecameIsPushedAndPulled() throws IOException {
        registry.push(layout, "plain", "app:latest");
        assertThat(tiny.tiny("run", "--name", "made", image("app"), "sh", "-c", "echo more >/etc/more; rm /bin/cat")
                .status()).isZero();
        Tiny.Result committed = tiny.tiny("commit", "-c", "CMD [\"head\",\"/etc/more\"]", "made", image("team/made:1"));
        assertThat(committed.out()).as(committed.err()).matches("sha256:[0-9a-f]{64}\n");
        Tiny.Result pushed = tiny.tiny("push", image("team/made:1"));
        assertThat(pushed.status()).as(pushed.err()).isZero();
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false",
                "docker://" + image("team/made:1"), "oci:" + directory.resolve("others") + ":made");
        Commands.run("umoci", "unpack", "--image", directory.resolve("others") + ":made",
                directory.resolve("bundle").toString());
        assertThat(directory.resolve("bundle/rootfs/etc/more")).hasContent("more\n");
        assertThat(directory.resolve("bundle/rootfs/bin/cat")).doesNotExist();

        assertThat(tiny.tiny("rm", "made").status()).isZero();
        assertThat(tiny.tiny("rmi", image("team/made:1"), image("app")).status()).isZero();
        assertOk(run(image("team/made:1")), "more\n");
    }

    @Test
    void anArchiveIsImportedFromTheWeb() throws IOException {
        assertThat(tiny.tiny("run", "--name", "files", "busybox", "sh", "-c", "echo web >/from").status()).isZero();
        Path archive = directory.resolve("root.tar");
        assertThat(tiny.tiny("export", "-o", archive.toString(), "files").status()).isZero();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/root.tar", exchange -> {
            exchange.sendResponseHeaders(200, Files.size(archive));
            try (OutputStream body = exchange.getResponseBody()) {
                Files.copy(archive, body);
            }
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/root.tar");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/cut", exchange -> {
            exchange.sendResponseHeaders(200, Files.size(archive));
            exchange.getResponseBody().write(Files.readAllBytes(archive), 0, 100_000);
            exchange.close();
        });
        server.start();
        try {
            String site = "http://127.0.0.1:" + server.getAddress().getPort();
            for (String path : List.of("/root.tar", "/moved")) {
                Tiny.Result result = tiny.tiny("import", site + path, "local/web");
                assertThat(result.out()).as(result.err()).matches("sha256:[0-9a-f]{64}\n");
                assertOk(run("local/web", "cat", "/from"), "web\n");
            }
            for (String path : List.of("/none", "/cut")) {
                Tiny.Result result = tiny.tiny("import", site + path, "local/none");
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.err()).startsWith("cannot ").contains(site + path).hasLineCount(1);
            }
            assertThat(tiny.tiny("images", "--format", "{{.Repository}}").out()).isEqualTo("local/web\n<none>\n");
        } finally {
            server.stop(0);
        }
    }
}
