package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tinydocker.support.Commands;
import dev.tinydocker.support.GatedRegistry;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Pulls in the middle: what has come whole stays, what has come in part is gone on with, nothing is left. */
@Timeout(120)
class PullFaultsKernelIT {

    private static final int HELD = 1 << 20;

    @TempDir
    Path directory;

    private Tiny tiny;
    private RegistryProcess registry;
    private GatedRegistry gate;
    private String image;
    private String large;

    /** An image of three layers, the last of which is large, does not compress, and stands still in the middle. */
    @BeforeEach
    void begin() throws IOException {
        tiny = new Tiny(directory);
        registry = RegistryProcess.open(Files.createDirectory(directory.resolve("registry")));
        gate = new GatedRegistry(registry);
        Path layout = directory.resolve("layout");
        OciLayout.busybox(layout, "one");
        OciLayout.addFile(layout, "one", "two", "/two", "two\n".getBytes(StandardCharsets.UTF_8));
        byte[] noise = new byte[3 * HELD];
        new Random(3).nextBytes(noise);
        OciLayout.addFile(layout, "two", "large", "/large", noise);
        registry.push(layout, "two", "team/two:1");
        registry.push(layout, "large", "team/large:1");
        image = gate.name() + "/team/large:1";
        large = Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + registry.name()
                + "/team/large:1").replaceAll("(?s).*\"digest\" *: *\"(sha256:[0-9a-f]*)\".*", "$1");
        gate.hold(large, HELD);
    }

    @AfterEach
    void end() throws IOException {
        tiny.close();
        gate.close();
        registry.close();
        tiny.awaitNothingLeft();
    }

    private static List<String> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Path partial() {
        return tiny.data.resolve("blobs/partial").resolve(large.replace("sha256:", ""));
    }

    /** Starts a pull, and returns when two layers are whole, and as much of the large one has come as comes. */
    private Process pullIntoTheMiddle() throws Exception {
        Process pull = tiny.start("pull", image);
        BufferedReader out = new BufferedReader(new InputStreamReader(pull.getInputStream(), StandardCharsets.UTF_8));
        for (int whole = 0; whole < 2;) {
            String line = out.readLine();
            assertThat(line).as("before two layers were whole").isNotNull();
            whole += line.endsWith(": Pull complete") ? 1 : 0;
        }
        gate.awaitHeld();
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> Files.size(partial()) == HELD);
        return pull;
    }

    private void assertTheNextPullGoesOn() throws IOException {
        long came = Files.size(partial());
        assertThat(came).isGreaterThanOrEqualTo(HELD);
        gate.blobs().clear();
        gate.open();
        Tiny.Result pulled = tiny.tiny("pull", image);
        assertThat(pulled.status()).as(pulled.err()).isZero();
        assertThat(pulled.out().lines().filter(line -> line.endsWith(": Already exists"))).hasSize(2);
        assertThat(pulled.out().lines().filter(line -> line.endsWith(": Pull complete"))).hasSize(1);
        assertThat(gate.blobs()).contains(new GatedRegistry.Asked(large, "bytes=" + came + "-"));
        assertThat(gate.blobs()).as("that, and the configuration").hasSize(2);
        assertThat(list(tiny.data.resolve("blobs/partial"))).isEmpty();
        assertThat(layers()).hasSize(3);
        assertThat(tiny.tiny("run", "--rm", "--net", "none", image, "sh", "-c", "cat /two; wc -c </large").out())
                .isEqualTo("two\n" + 3 * HELD + "\n");

        assertThat(tiny.tiny("rmi", image).status()).isZero();
        // A pull that was given up a moment ago may be the last to leave.
        Awaitility.await().untilAsserted(() -> {
            assertThat(layers()).isEmpty();
            assertThat(list(tiny.data.resolve("blobs/sha256"))).isEmpty();
        });
    }

    /** Those that have a name. */
    private List<String> layers() throws IOException {
        return list(tiny.data.resolve("l")).stream().filter(name -> !name.startsWith(".")).toList();
    }

    @Test
    void anEngineThatIsKilledLeavesWhatIsWholeAndTheNextPullGoesOnInTheMiddle() throws Exception {
        Process pull = pullIntoTheMiddle();
        ProcessHandle engine = tiny.engine();
        engine.destroyForcibly();
        Tiny.awaitEnd(engine);
        Tiny.Result cut = Tiny.finish(pull);
        assertThat(cut.status()).isNotZero();
        assertThat(cut.err()).hasLineCount(1);
        assertThat(list(tiny.data.resolve("l"))).as("it died in the middle of unpacking")
                .anyMatch(name -> name.startsWith(".unpacking-"));

        assertThat(tiny.tiny("images", "-aq").out()).as("the next engine sees no image").isEmpty();
        assertThat(list(tiny.data.resolve("l"))).hasSize(2).allMatch(name -> name.matches("[0-9]+"));
        assertThat(list(tiny.data.resolve("blobs/sha256"))).hasSize(2).doesNotContain(large.replace("sha256:", ""));
        assertThat(list(tiny.data.resolve("blobs/partial"))).containsExactly(partial().getFileName().toString());
        assertTheNextPullGoesOn();
    }

    /** Ctrl-C, while the registry stands still: nobody waits until it says something, the next pull least of all. */
    @Test
    void aPullThatIsGivenUpEndsAtOnceAndTheNextOneGoesOn() throws Exception {
        Process pull = pullIntoTheMiddle();
        Commands.run("kill", "-INT", Long.toString(pull.pid()));
        assertThat(pull.waitFor(5, TimeUnit.SECONDS)).as("it ends at once").isTrue();
        assertThat(pull.exitValue()).isEqualTo(130);
        assertThat(tiny.tiny("images", "-aq").out()).isEmpty();
        assertTimeoutPreemptively(Duration.ofSeconds(15), this::assertTheNextPullGoesOn);
        gate.release();
        Awaitility.await().untilAsserted(() -> assertThat(list(tiny.data.resolve("l"))).isEmpty());
    }

    @Test
    void aDiskThatIsFullIsSaidAndThePullGoesOnOnceThereIsRoom() throws Exception {
        Files.createDirectories(tiny.data);
        Commands.run("mount", "-t", "tmpfs", "-o", "size=24m", "none", tiny.data.toString());
        try {
            Process pull = pullIntoTheMiddle();
            Path fill = tiny.data.resolve("fill");
            Commands.run("sh", "-c", "dd if=/dev/zero of=" + fill + " bs=4k || true");
            gate.release();
            Tiny.Result full = Tiny.finish(pull);
            assertThat(full.status()).isEqualTo(1);
            assertThat(full.err()).isEqualTo("cannot pull '" + image + "': ENOSPC (No space left on device); 'image"
                    + " prune' frees some; what has come is kept, and the next pull goes on from there\n");
            Files.delete(fill);
            assertThat(tiny.tiny("images", "-aq").out()).isEmpty();
            assertTheNextPullGoesOn();
        } finally {
            tiny.close();
            Commands.run("umount", tiny.data.toString());
        }
    }

    @Test
    void whatTwoImagesHaveInCommonIsDownloadedOnceWhoeverIsFirst() throws Exception {
        Process one = tiny.start("pull", "-q", image);
        Process two = tiny.start("pull", "-q", gate.name() + "/team/two:1");
        Process again = tiny.start("pull", "-q", image);
        gate.awaitHeld();
        gate.release();
        for (Process pull : List.of(one, two, again)) {
            Tiny.Result result = Tiny.finish(pull);
            assertThat(result.status()).as(result.err()).isZero();
        }
        assertThat(gate.blobs().stream().filter(asked -> asked.digest().equals(large))).hasSize(1);
        String manifest = Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://"
                + registry.name() + "/team/two:1");
        String layers = manifest.substring(manifest.indexOf("\"layers\""));
        assertThat(gate.blobs().stream().filter(asked -> layers.contains(asked.digest()))).hasSize(2);
    }

    @Test
    void onATerminalEachLayerHasALineAndABarThatIsDrawnAgain() throws Exception {
        tiny.with("T", directory.toString());
        terminal("open", "read _; " + Tiny.HOME.resolve("tiny") + " pull " + image);
        try {
            terminal("size", "120", "30");
            terminal("key", "Enter");
            gate.awaitHeld();
            String id = large.substring(7, 19);
            terminal("await", "^" + id + ": Downloading \\[=+> +\\]  1\\.04[0-9]MB/3\\.14[0-9]MB$");
            terminal("await", "^[0-9a-f]{12}: Pull complete$");
            gate.release();
            terminal("await", "^" + id + ": Pull complete$");
            terminal("await", "^\\[exit 0\\]$");
            String layer = "[0-9a-f]{12}: Pull complete\n";
            assertThat(terminal("screen")).matches("\\s*1: Pulling from team/large\n" + layer + layer + layer
                    + "Digest: sha256:[0-9a-f]{64}\nStatus: Downloaded newer image for " + image + "\n" + image
                    + "\n\\[exit 0]\n");
        } finally {
            terminal("close");
        }
    }

    private String terminal(String... words) throws IOException {
        List<String> argv = new ArrayList<>(List.of(Tiny.HOME.resolve("src/test/acceptance/terminal").toString()));
        argv.addAll(List.of(words));
        Tiny.Result result = Tiny.finish(tiny.start(argv));
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        return result.out();
    }
}
