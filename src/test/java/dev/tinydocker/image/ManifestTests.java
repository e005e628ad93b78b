package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class ManifestTests {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String WHAT = "pull 'x'";

    @Test
    void bothKindsOfManifestsAreRead() {
        assertThat(Manifest.parse(WHAT, MediaTypes.OCI_MANIFEST, manifest(MediaTypes.OCI_CONFIG,
                MediaTypes.OCI_LAYER + "+zstd")).layers()).hasSize(1);
        assertThat(Manifest.parse(WHAT, MediaTypes.DOCKER_MANIFEST, manifest(MediaTypes.DOCKER_CONFIG,
                "application/vnd.docker.image.rootfs.diff.tar.gzip")).config().size()).isEqualTo(7);
        assertThat(Manifest.parse(WHAT, "", manifest(MediaTypes.OCI_CONFIG, MediaTypes.OCI_LAYER)).mediaType())
                .isEqualTo(MediaTypes.OCI_MANIFEST);
    }

    @ParameterizedTest
    @CsvSource({ "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip, registries may not give",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip, registries may not give",
            "application/x-wonder, of the unknown type 'application/x-wonder'" })
    void otherLayersAreRefused(String type, String why) {
        assertThatThrownBy(() -> Manifest.parse(WHAT, MediaTypes.OCI_MANIFEST, manifest(MediaTypes.OCI_CONFIG, type)))
                .isInstanceOf(InvalidRequest.class).hasMessageContaining(why);
    }

    @Test
    void whatIsNoImageIsNamed() {
        assertThatThrownBy(() -> Manifest.parse(WHAT, MediaTypes.OCI_MANIFEST,
                manifest("application/vnd.cncf.helm.config.v1+json", MediaTypes.OCI_LAYER)))
                .hasMessage("cannot pull 'x': it is no image but 'application/vnd.cncf.helm.config.v1+json'");
        assertThatThrownBy(() -> Manifest.isIndex(WHAT, "text/html", bytes("{}")))
                .hasMessageContaining("the media type 'text/html' is unknown");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "", bytes("<html>"))).hasMessageContaining("no JSON");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "", bytes("null"))).hasMessageContaining("empty");
    }

    @Test
    void schemaOneIsRefused() {
        assertThatThrownBy(() -> Manifest.parse(WHAT, "application/vnd.docker.distribution.manifest.v1+prettyjws",
                bytes("{}"))).hasMessageContaining("schema 1");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "application/json", bytes("{\"schemaVersion\":1}")))
                .hasMessageContaining("schema 1");
    }

    @Test
    void sizesAndDigestsAreLookedAt() {
        String bad = text(MediaTypes.OCI_CONFIG, MediaTypes.OCI_LAYER).replace(DIGEST, "sha256:../../etc/passwd");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "", bytes(bad))).hasMessageContaining("is no digest of SHA-256");
        String negative = text(MediaTypes.OCI_CONFIG, MediaTypes.OCI_LAYER).replace("\"size\":7", "\"size\":-1");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "", bytes(negative))).hasMessageContaining("a size of -1");
        String vast = text(MediaTypes.OCI_CONFIG, MediaTypes.OCI_LAYER).replace("\"size\":7", "\"size\":5000000");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "", bytes(vast))).hasMessageContaining("its configuration has");
        assertThatThrownBy(() -> Manifest.parse(WHAT, "", new byte[(4 << 20) + 1]))
                .hasMessageContaining("its manifest has 4194305 bytes");
    }

    @ParameterizedTest
    @CsvSource({ "linux/amd64, 0", "linux/arm64, 1", "linux/arm64/v8, 1", "linux/arm/v7, 3", "linux/arm/v6, 2",
            "linux/arm, 3" })
    void theBestPlatformIsChosen(String wanted, int index) {
        List<Descriptor> members = Manifest.index(WHAT, MediaTypes.OCI_INDEX, index("amd64", "arm64/v8", "arm/v6",
                "arm/v7", "s390x"));
        assertThat(Manifest.choose(WHAT, members, Platform.parse(wanted)).size()).isEqualTo(index);
    }

    @Test
    void aMissingPlatformNamesThoseThereAre() {
        List<Descriptor> members = Manifest.index(WHAT, MediaTypes.OCI_INDEX, index("arm64/v8", "s390x"));
        assertThatThrownBy(() -> Manifest.choose(WHAT, members, Platform.parse("linux/amd64"))).satisfies(e ->
                assertThat(((Problem) e).line()).isEqualTo("cannot pull 'x': there is none for linux/amd64; there are "
                        + "linux/arm64, linux/s390x; choose with --platform"));
    }

    @Test
    void aConfigurationIsReadWithItsDefaults() {
        ImageConfig config = ImageConfig.parse(WHAT, bytes("""
                {"created":"2025-01-02T03:04:05.678Z","architecture":"arm64","variant":"v8","os":"linux","config":{
                "Env":["A=b"],"Cmd":null,"Entrypoint":["/e"],"Volumes":{"/v":{}},"ExposedPorts":{"80/tcp":{}},
                "Healthcheck":{"Test":["CMD","x"],"Interval":1000}},"rootfs":{"type":"layers","diff_ids":["%s"]},
                "history":[{"created_by":"RUN x","empty_layer":true}]}""".formatted(DIGEST)));
        assertThat(config.platform()).hasToString("linux/arm64");
        assertThat(config.command()).isEmpty();
        assertThat(config.entrypoint()).containsExactly("/e");
        assertThat(config.volumes()).containsExactly("/v");
        assertThat(config.stopSignal()).isNull();
        assertThat(config.healthcheck()).isNotNull();
        assertThat(config.healthcheck().interval()).isEqualTo(1000);
        assertThat(config.history()).singleElement().satisfies(step -> assertThat(step.emptyLayer()).isTrue());
        assertThatThrownBy(() -> ImageConfig.parse(WHAT, bytes("{}"))).hasMessageContaining("does not list its layers");
    }

    @Test
    void aCommandMayBeOneWordAsOldBuildersWroteIt() {
        ImageConfig config = ImageConfig.parse(WHAT, bytes("""
                {"config":{"Cmd":"true","Entrypoint":"/e f"},"rootfs":{"type":"layers","diff_ids":[]}}"""));
        assertThat(config.command()).containsExactly("true");
        assertThat(config.entrypoint()).containsExactly("/e f");
    }

    private static byte[] index(String... platforms) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < platforms.length; i++) {
            String[] parts = platforms[i].split("/");
            members.append(i == 0 ? "" : ",").append("""
                    {"mediaType":"%s","digest":"%s","size":%d,"platform":{"os":"linux","architecture":"%s"%s}}"""
                    .formatted(MediaTypes.OCI_MANIFEST, DIGEST, i, parts[0], parts.length == 1 ? ""
                            : ",\"variant\":\"" + parts[1] + "\""));
        }
        return bytes("{\"schemaVersion\":2,\"manifests\":[" + members + ",{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST
                + "\",\"digest\":\"" + DIGEST + "\",\"size\":9,\"platform\":{\"os\":\"unknown\",\"architecture\":"
                + "\"unknown\"}}]}");
    }

    private static byte[] manifest(String config, String layer) {
        return bytes(text(config, layer));
    }

    private static String text(String config, String layer) {
        return """
                {"schemaVersion":2,"config":{"mediaType":"%s","digest":"%s","size":7},
                "layers":[{"mediaType":"%s","digest":"%s","size":11}]}""".formatted(config, DIGEST, layer, DIGEST);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
