package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Images in a real registry that say of their layers what is not so. */
class LyingImagesIT {

    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    Path directory;

    /** Else it would be saved and pushed with that size, and nobody could load it. */
    @Test
    void anotherSizeIsRefusedThoughTheLayerIsHere() throws Exception {
        Path oci = directory.resolve("oci");
        OciLayout.busybox(oci, "one");
        try (RegistryProcess registry = RegistryProcess.open(directory.resolve("registry"));
                ConfigurableApplicationContext context = ImageRooms.start(directory.resolve("engine"),
                        "--tiny.registry.attempts=1")) {
            registry.push(oci, "one", "team/web:1");
            lie(registry.name(), "team/web");
            ImageService images = context.getBean(ImageService.class);
            Image right = images.pull(images.reference(registry.name() + "/team/web:1"), PullOptions.DEFAULT, quiet());

            assertThatThrownBy(() -> images.pull(images.reference(registry.name() + "/team/web:lie"),
                    PullOptions.DEFAULT, quiet())).isInstanceOf(InvalidRequest.class)
                    .hasMessageMatching(".*the layer sha256:[0-9a-f]{64} has [0-9]+ bytes and its manifest says 7");
            assertThat(images.list()).extracting(Image::id).containsExactly(right.id());
            assertThat(images.resolve(registry.name() + "/team/web:1").layers()).isEqualTo(right.layers());
        }
    }

    /**
     * Who knows the digest of somebody's layer, and has not the layer, does not get it by an image that names it behind
     * a blob of his own: neither where that blob is to come, nor where it is here as what it is.
     */
    @ParameterizedTest
    @ValueSource(booleans = { false, true })
    void nobodysLayerIsHadByItsNameAlone(boolean blobIsHere) throws Exception {
        Path oci = directory.resolve("oci");
        OciLayout.busybox(oci, "one");
        OciLayout.addFile(oci, "one", "secret", "/secret", bytes("secret"));
        OciLayout.addFile(oci, "one", "mine", "/mine", bytes("mine"));
        try (RegistryProcess registry = RegistryProcess.open(directory.resolve("registry"));
                ConfigurableApplicationContext context = ImageRooms.start(directory.resolve("engine"),
                        "--tiny.registry.attempts=1")) {
            registry.push(oci, "secret", "team/secret:1");
            registry.push(oci, "mine", "team/mine:1");
            String secret = lastDiffId(oci, "secret");
            String mine = lastDiffId(oci, "mine");
            OciLayout.editConfig(oci, "mine", config -> config.replace(mine, secret));
            registry.push(oci, "mine", "team/mine:lie");
            ImageService images = context.getBean(ImageService.class);
            images.pull(images.reference(registry.name() + "/team/secret:1"), PullOptions.DEFAULT, quiet());
            if (blobIsHere) {
                images.pull(images.reference(registry.name() + "/team/mine:1"), PullOptions.DEFAULT, quiet());
            }

            assertThatThrownBy(() -> images.pull(images.reference(registry.name() + "/team/mine:lie"),
                    PullOptions.DEFAULT, quiet())).isInstanceOf(InvalidRequest.class)
                    .hasMessageEndingWith("the layer sha256:" + secret + " is sha256:" + mine + " when unpacked");
            assertThatThrownBy(() -> images.load(oci, Optional.empty(), _ -> { })).isInstanceOf(InvalidRequest.class)
                    .hasMessageEndingWith("the layer sha256:" + secret + " is sha256:" + mine + " when unpacked");
            assertThat(images.list()).flatExtracting(Image::tags).doesNotContain("mine", registry.name() + "/team/mine:lie");
        }
    }

    private static String lastDiffId(Path oci, String tag) throws IOException {
        String config = OciLayout.editConfig(oci, tag, same -> same);
        String ids = config.replaceFirst("(?s).*\"diff_ids\":\\[([^]]*)].*", "$1");
        return ids.replaceFirst("(?s).*sha256:([0-9a-f]{64})\"\\s*$", "$1");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PullProgress quiet() {
        return new PullProgress() {
            @Override
            public void layer(String shortDigest, Phase phase, long done, long total) {
                // Nobody looks at it here.
            }

            @Override
            public void note(String line) {
                // Nor at this.
            }
        };
    }

    /** The same manifest but for the size of its only layer, under another tag. */
    private static void lie(String registry, String repository) throws IOException, InterruptedException {
        URI manifests = URI.create("http://" + registry + "/v2/" + repository + "/manifests/");
        try (HttpClient http = HttpClient.newHttpClient()) {
            String manifest = http.send(HttpRequest.newBuilder(manifests.resolve("1")).header("Accept", TYPE).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            int layers = manifest.indexOf("\"layers\"");
            String lying = manifest.substring(0, layers)
                    + manifest.substring(layers).replaceFirst("\"size\":[0-9]+", "\"size\":7");
            HttpRequest put = HttpRequest.newBuilder(manifests.resolve("lie")).header("Content-Type", TYPE)
                    .PUT(HttpRequest.BodyPublishers.ofString(lying)).build();
            assertThat(http.send(put, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        }
    }
}
