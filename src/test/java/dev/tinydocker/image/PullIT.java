package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.image.PullProgress.Phase;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Images from a real registry. */
class PullIT {

    @TempDir
    static Path shared;

    private static RegistryProcess registry;

    @TempDir
    Path directory;

    private final Heard heard = new Heard();
    private ConfigurableApplicationContext context;
    private ImageService images;
    private Layout layout;

    /** Keeps what is told. */
    private static final class Heard implements PullProgress {

        private final List<String> notes = new CopyOnWriteArrayList<>();
        private final List<String> layers = new CopyOnWriteArrayList<>();

        @Override
        public void layer(String shortDigest, Phase phase, long done, long total) {
            if (phase != Phase.DOWNLOADING || done == total) {
                layers.add(shortDigest + " " + phase);
            }
        }

        @Override
        public void note(String line) {
            notes.add(line);
        }

        long count(Phase phase) {
            return layers.stream().filter(line -> line.endsWith(" " + phase)).count();
        }
    }

    @BeforeAll
    static void fill() throws IOException {
        Path oci = shared.resolve("oci");
        OciLayout.busybox(oci, "one");
        OciLayout.addFile(oci, "one", "two", "/added", "added\n".getBytes(StandardCharsets.UTF_8));
        registry = RegistryProcess.open(shared.resolve("registry"));
        registry.push(oci, "two", "team/web:1");
    }

    @AfterAll
    static void end() {
        registry.close();
    }

    @BeforeEach
    void open() {
        context = ImageRooms.start(directory, "--tiny.registry.attempts=1");
        images = context.getBean(ImageService.class);
        layout = context.getBean(Layout.class);
    }

    @AfterEach
    void close() {
        context.close();
    }

    private Image pull(String reference) {
        return images.pull(images.reference(reference), PullOptions.DEFAULT, heard);
    }

    private String web() {
        return registry.name() + "/team/web:1";
    }

    /** As they are sent. */
    private long bytesOfLayers() throws IOException {
        String manifest = Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + web());
        return Pattern.compile("\"size\" *: *([0-9]+)").matcher(manifest.substring(manifest.indexOf("\"layers\"")))
                .results().mapToLong(size -> Long.parseLong(size.group(1))).sum();
    }

    @Test
    void aPulledImageIsThereWithItsNamesAndSaysSoAsDockerDoes() throws IOException {
        Image image = pull(web());
        assertThat(image.layers()).hasSize(2);
        assertThat(image.layers().getFirst().resolve("added")).hasContent("added\n");
        assertThat(image.tags()).containsExactly(web());
        assertThat(heard.notes.getFirst()).isEqualTo("1: Pulling from team/web");
        assertThat(heard.notes.get(1)).matches("Digest: sha256:[0-9a-f]{64}");
        assertThat(heard.notes.getLast()).isEqualTo("Status: Downloaded newer image for " + web());
        assertThat(heard.count(Phase.DONE)).isEqualTo(2);
        assertThat(context.getBean(EngineCounts.class)).returns(1L, counts -> counts.pulls(true))
                .returns(0L, counts -> counts.pulls(false)).returns(bytesOfLayers(), EngineCounts::receivedBytes);
        String digest = image.digests().getFirst();
        assertThat(images.resolve(digest).id()).isEqualTo(image.id());
    }

    @Test
    void anUnchangedImageIsNotDownloadedAgain() {
        Image first = pull(web());
        heard.layers.clear();
        heard.notes.clear();
        assertThat(pull(web())).isEqualTo(first);
        assertThat(heard.layers).isEmpty();
        assertThat(heard.notes.getLast()).isEqualTo("Status: Image is up to date for " + web());
    }

    @Test
    void whatABrokenPullLeftIsGoneOnWith() throws IOException {
        Path blob = largest(shared.resolve("oci/blobs/sha256"));
        byte[] content = Files.readAllBytes(blob);
        Files.createDirectories(layout.partialBlobs());
        String hex = blob.getFileName().toString();
        Files.write(layout.partialBlob(hex), Arrays.copyOf(content, content.length / 2));
        assertThat(pull(web()).layers().getLast().resolve("bin/busybox")).isExecutable();
        assertThat(layout.blob(hex)).hasBinaryContent(content);
        assertThat(layout.partialBlob(hex)).doesNotExist();
    }

    /** As a power failure may leave it. */
    @Test
    void aPartThatWasAlteredIsThrownAwayAndComesAnew() throws IOException {
        Path blob = largest(shared.resolve("oci/blobs/sha256"));
        byte[] content = Files.readAllBytes(blob);
        content[content.length / 4] ^= 1;
        Files.createDirectories(layout.partialBlobs());
        Path partial = layout.partialBlob(blob.getFileName().toString());
        Files.write(partial, Arrays.copyOf(content, content.length / 2));
        assertThat(pull(web()).layers().getLast().resolve("bin/busybox")).isExecutable();
        assertThat(partial).doesNotExist();
    }

    /** The registry's own copy: altered, cut short, or longer than it was. */
    @Test
    void aLayerThatIsDamagedWhereItComesFromIsRefusedAndNeverSeen() throws IOException {
        Path blob = largest(shared.resolve("oci/blobs/sha256"));
        String hex = blob.getFileName().toString();
        Path kept = shared.resolve("registry/storage/docker/registry/v2/blobs/sha256").resolve(hex.substring(0, 2))
                .resolve(hex).resolve("data");
        byte[] good = Files.readAllBytes(kept);
        byte[] altered = good.clone();
        altered[good.length / 2] ^= 1;
        try {
            assertDamaged(kept, altered, "the layer sha256:" + hex + " came as sha256:");
            assertDamaged(kept, Arrays.copyOf(good, good.length - 1), "has " + (good.length - 1)
                    + " bytes of it where the manifest says " + good.length);
            assertDamaged(kept, Arrays.copyOf(good, good.length + 1), "has " + (good.length + 1)
                    + " bytes of it where the manifest says " + good.length);
        } finally {
            Files.write(kept, good);
        }
        assertThat(pull(web()).layers()).hasSize(2);
    }

    private void assertDamaged(Path kept, byte[] content, String why) throws IOException {
        Files.write(kept, content);
        assertThatThrownBy(() -> pull(web())).isInstanceOf(InvalidRequest.class).hasMessageContaining(why)
                .hasMessageStartingWith("cannot ");
        assertThat(images.list()).isEmpty();
        try (Stream<Path> layers = Files.list(layout.layers())) {
            assertThat(layers).as("at most the small one").allSatisfy(layer -> assertThat(layer.resolve("bin"))
                    .doesNotExist());
        }
        assertThat(layout.partialBlob(String.valueOf(kept.getParent().getFileName()))).doesNotExist();
    }

    /** Its digest is right, but it is not what the configuration says it is. */
    @Test
    void aLayerThatIsAnotherOneWhenUnpackedIsRefused() throws IOException {
        Path oci = shared.resolve("oci");
        OciLayout.addFile(oci, "two", "lying", "/more", new byte[] { 'x' });
        String diffId = OciLayout.editConfig(oci, "lying", config -> config.replaceFirst(
                "(\"diff_ids\":\\[\"sha256:)[0-9a-f]{64}", "$1" + "0".repeat(64)));
        assertThat(diffId).contains("sha256:" + "0".repeat(64));
        registry.push(oci, "lying", "team/lying:1");
        assertThatThrownBy(() -> pull(registry.name() + "/team/lying:1")).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("the layer sha256:" + "0".repeat(64) + " is sha256:")
                .hasMessageEndingWith(" when unpacked");
        assertThat(images.list()).isEmpty();
    }

    /** As somebody pushed it, digest and all: what came is thrown away, for there is nothing to go on with. */
    @ParameterizedTest
    @ValueSource(ints = { 3, -8 })
    void aLayerWhoseCompressionIsDamagedAtItsBeginningOrEndIsRefused(int place) throws IOException {
        Path oci = shared.resolve("oci");
        String tag = "damaged" + place;
        OciLayout.addFile(oci, "two", tag, "/damaged", new byte[] { 'x' });
        OciLayout.editLayer(oci, tag, blob -> {
            blob[place < 0 ? blob.length + place : place] ^= 2;
            return blob;
        });
        registry.push(oci, tag, "team/damaged:1");
        assertThatThrownBy(() -> pull(registry.name() + "/team/damaged:1")).isInstanceOf(InvalidRequest.class)
                .hasMessageMatching(".*/team/damaged:1': .*the compression is damaged or ends early \\(Corrupt GZIP .*");
        assertThat(images.list()).isEmpty();
        String damaged = Commands.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + registry.name()
                + "/team/damaged:1").replaceAll("(?s).*\"digest\" *: *\"sha256:([0-9a-f]*)\".*", "$1");
        assertThat(layout.partialBlob(damaged)).doesNotExist();
    }

    @Test
    void severalPullsOfOneImageDownloadItOnce() {
        List<CompletableFuture<Image>> pulls = IntStream.range(0, 4).mapToObj(_ -> CompletableFuture.supplyAsync(() ->
                pull(web()), task -> Thread.ofPlatform().start(task))).toList();
        assertThat(pulls.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(heard.count(Phase.VERIFYING)).isEqualTo(2);
        try (Stream<Path> layers = Files.list(layout.layers())) {
            assertThat(layers).hasSize(2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever builds on an image of the same registry sends what is new only. */
    @Test
    void layersOfAnotherImageAreMountedAndNotSent() throws IOException {
        Path oci = shared.resolve("oci");
        OciLayout.addFile(oci, "one", "three", "/new", "new\n".getBytes(StandardCharsets.UTF_8));
        pull(web());
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci:" + oci + ":three",
                "oci:" + directory.resolve("three") + ":localhost/three:1");
        images.load(directory.resolve("three"), Optional.empty(), _ -> { });
        images.tag("localhost/three:1", registry.name() + "/team/three:1");
        heard.layers.clear();
        images.push(images.reference(registry.name() + "/team/three:1"), Map.of(), heard);
        assertThat(heard.count(Phase.EXISTS)).as("busybox").isEqualTo(1);
        assertThat(heard.count(Phase.DONE)).isEqualTo(1);
    }

    @Test
    void aLayerThatMayNotBeMountedIsSent() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            asked.add(what);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Location", "/upload");
            exchange.sendResponseHeaders(what.startsWith("HEAD") ? 404 : what.contains("mount=") ? 403
                    : what.startsWith("POST") ? 202 : 201, -1);
            exchange.close();
        });
        server.start();
        try {
            pull(web());
            for (String name : List.of("a", "b")) {
                String to = "localhost:" + server.getAddress().getPort() + "/" + name + ":1";
                images.tag(web(), to);
                images.push(images.reference(to), Map.of(), heard);
            }
        } finally {
            server.stop(0);
        }
        assertThat(asked.stream().filter(what -> what.contains("mount="))).hasSize(2);
        assertThat(asked.stream().filter(what -> what.startsWith("PUT /upload"))).hasSize(6);
    }

    @Test
    void whatTheRegistryDoesNotHaveIsNotFound() {
        assertThatThrownBy(() -> pull(registry.name() + "/team/none:1")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> pull("short")).isInstanceOf(NotFound.class)
                .hasMessage("cannot pull 'short:latest': its name has no registry and there is no default one");
    }

    @Test
    void anImageForAnotherPlatformSaysWhatItIsFor() {
        assertThatThrownBy(() -> images.pull(images.reference(web()), new PullOptions(Platform.parse("linux/s390x")),
                heard)).isInstanceOf(InvalidRequest.class).hasMessageContaining("it is for linux/")
                .hasMessageEndingWith(" and not for linux/s390x");
    }

    /** A name stands for one image, but what came of the same index for another platform is found by it too. */
    @Test
    void imagesOfOneIndexForSeveralPlatformsStayBesideEachOther() throws Exception {
        Path oci = shared.resolve("oci");
        Platform other = Platform.parse(Platform.host().architecture().equals("arm64") ? "amd64" : "arm64");
        Commands.run("umoci", "config", "--image", oci + ":two", "--tag", "other", "--architecture",
                other.architecture());
        registry.push(oci, "two", "team/multi:host");
        registry.push(oci, "other", "team/multi:other");
        index("team/multi", "latest", Map.of("host", Platform.host(), "other", other));
        String name = registry.name() + "/team/multi:latest";

        Image host = images.pull(images.reference(name), PullOptions.DEFAULT, heard);
        Image foreign = images.pull(images.reference(name), new PullOptions(other), heard);

        assertThat(foreign.config().platform()).isEqualTo(other);
        assertThat(images.resolve(name).id()).as("the name goes with the last pull").isEqualTo(foreign.id());
        assertThat(images.find(name, Platform.host()).map(Image::id)).contains(host.id());
        assertThat(images.find(name, other).map(Image::id)).contains(foreign.id());
        assertThat(images.find(name, Platform.parse("linux/s390x"))).isEmpty();
        assertThat(images.find(foreign.digests().getFirst(), Platform.host()).map(Image::id)).contains(host.id());
        assertThat(images.list()).hasSize(2);
        assertThat(images.pull(images.reference(name), PullOptions.DEFAULT, heard).tags()).containsExactly(name);
    }

    private void index(String repository, String tag, Map<String, Platform> members) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI manifests = URI.create("http://" + registry.name() + "/v2/" + repository + "/manifests/");
            String type = "application/vnd.oci.image.manifest.v1+json";
            List<String> descriptors = new ArrayList<>();
            for (Map.Entry<String, Platform> member : members.entrySet()) {
                HttpResponse<byte[]> manifest = http.send(HttpRequest.newBuilder(manifests.resolve(member.getKey()))
                        .header("Accept", type).build(), HttpResponse.BodyHandlers.ofByteArray());
                descriptors.add("{\"mediaType\":\"" + type + "\",\"digest\":\"" + Digest.of(manifest.body())
                        + "\",\"size\":" + manifest.body().length
                        + ",\"platform\":{\"os\":\"linux\",\"architecture\":\""
                        + member.getValue().architecture() + "\"}}");
            }
            HttpRequest put = HttpRequest.newBuilder(manifests.resolve(tag))
                    .header("Content-Type", "application/vnd.oci.image.index.v1+json")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"schemaVersion\":2,\"mediaType\":\""
                            + "application/vnd.oci.image.index.v1+json\",\"manifests\":["
                            + String.join(",", descriptors)
                            + "]}")).build();
            assertThat(http.send(put, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        }
    }

    private static Path largest(Path blobs) throws IOException {
        try (Stream<Path> files = Files.list(blobs)) {
            return files.max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length())).orElseThrow();
        }
    }
}
