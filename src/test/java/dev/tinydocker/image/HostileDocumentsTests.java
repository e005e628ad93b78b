package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.problem.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents that are meant to do harm, or that mean one thing to one reader and another to the next. */
class HostileDocumentsTests {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String WHAT = "pull 'x'";
    private static final String CONFIG = "\"config\":{\"mediaType\":\"" + MediaTypes.OCI_CONFIG + "\",\"digest\":\""
            + DIGEST
            + "\",\"size\":7}";
    private static final String LAYER = "{\"mediaType\":\"" + MediaTypes.OCI_LAYER + "+gzip\",\"digest\":\"" + DIGEST
            + "\",\"size\":9}";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(String json, String why) {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> Manifest.parse(WHAT, MediaTypes.OCI_MANIFEST, bytes(json)))
                .withMessageStartingWith("cannot pull 'x': ").withMessageContaining(why);
    }

    private static String manifest(String layers) {
        return "{\"schemaVersion\":2," + CONFIG + ",\"layers\":[" + layers + "]}";
    }

    @ParameterizedTest
    @ValueSource(strings = { "1e400", "1.5", "\"many\"", "99999999999999999999", "{}", "[]", "true",
            "123456789012345678901234567890123456789012345678901234567890" })
    void aSizeIsAWholeNumber(String size) {
        refused(manifest(LAYER.replace(":9}", ":" + size + "}")), "no JSON of that kind");
    }

    @Test
    void depthHasAnEnd() {
        refused("[".repeat(1 << 20), "no JSON of that kind");
        refused("{\"a\":".repeat(1 << 19), "no JSON of that kind");
        refused(manifest(LAYER.replace("\"size\"", "\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"size\"")),
                "no JSON of that kind");
    }

    /** Each of these is larger in memory than the engine is, and none larger than a document may be. */
    @Test
    void whatIsSmallAndManyHasAnEnd() {
        refused(manifest("{},".repeat(1_300_000) + "{}"), "no JSON of that kind");
        refused("{\"manifests\":[" + "{},".repeat(1_300_000) + "{}]}", "no JSON of that kind");
        refused("{\"x\":[" + "\"a\",".repeat(1_000_000) + "0]}", "no JSON of that kind");
        for (String config : List.of("{\"history\":[" + "{},".repeat(1_300_000) + "{}]}",
                "{\"config\":{\"Env\":[" + "\"a\",".repeat(1_000_000) + "\"a\"]}}")) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> ImageConfig.parse(WHAT, bytes(config)))
                    .withMessageContaining("no JSON of that kind");
        }
    }

    @Test
    void whatIsSaidTwiceIsRefused() {
        refused("{" + CONFIG + "," + CONFIG + ",\"layers\":[]}", "no JSON of that kind");
        refused(manifest(LAYER.replace("\"size\"", "\"digest\":\"x\",\"size\"")), "no JSON of that kind");
        refused("{" + CONFIG + ",\"layers\":[],\"manifests\":[]}", "an index of images as well");
        refused("{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\"," + CONFIG + ",\"layers\":[]}", "says to be");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Manifest.index(WHAT, MediaTypes.OCI_INDEX,
                bytes("{\"layers\":[],\"manifests\":[]}"))).withMessageContaining("an index of images as well");
    }

    @Test
    void layersHaveAnEnd() {
        refused(manifest((LAYER + ",").repeat(9_999) + LAYER), "it has 10000 layers");
        refused(manifest("null"), "nothing where a digest is due");
        refused("{\"config\":null,\"layers\":[]}", "no manifest of an image");
    }

    @ParameterizedTest
    @CsvSource({ "sha512:abab", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:ABAB", "''", "'../../etc/passwd'" })
    void otherDigestsAreNone(String digest) {
        refused(manifest(LAYER.replace(DIGEST, digest)), "is no digest of SHA-256");
    }

    @Test
    void addressesInADocumentAreNotGoneTo() {
        Manifest manifest = Manifest.parse(WHAT, MediaTypes.OCI_MANIFEST,
                bytes(manifest(LAYER.replace("\"size\"", "\"urls\":[\"http://169.254.169.254/\"],\"size\""))));
        assertThat(manifest.layers()).containsExactly(Descriptor.of(MediaTypes.OCI_LAYER + "+gzip", DIGEST, 9));
        refused(manifest(LAYER.replace(MediaTypes.OCI_LAYER + "+gzip",
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")), "registries may not give");
    }

    @Test
    void whatWouldSteerATerminalIsShown() {
        refused(manifest(LAYER.replace(MediaTypes.OCI_LAYER + "+gzip", "x\\u001b[2J\\n\\u202e")),
                "of the unknown type 'x\\u001b[2J \\u202e'");
    }

    @Test
    void annotationsThatAreNothingAreNone() {
        List<Descriptor> members = Manifest.index(WHAT, "", bytes("{\"manifests\":[null," + LAYER.replace("\"size\"",
                "\"annotations\":{\"a\":null},\"size\"") + "]}"));
        assertThat(members).singleElement().satisfies(member -> assertThat(member.annotation("a")).isEmpty());
    }

    private static ImageConfig config(String inner) {
        return ImageConfig.parse(WHAT, bytes("{\"config\":{" + inner + "},\"rootfs\":{\"diff_ids\":[]}}"));
    }

    @Test
    void aConfigurationHasPlainWordsAndPaths() {
        assertThat(config("\"Volumes\":{\"/a/../b/\":{},\"c\":{},\"/\":{},\"\":{},\"../../etc\":{},\"//b\":{}}")
                .volumes())
                .containsExactlyInAnyOrder("/b", "/c", "/etc");
        assertThat(config("\"Volumes\":{\"..name\":{}}").volumes()).containsExactly("/..name");
        assertThat(config("\"WorkingDir\":\"srv/../../x\"").workingDirectory()).isEqualTo("/x");
        assertThat(config("\"Labels\":{\"a\":null,\"b\":\"c\"}").labels()).containsEntry("a", "")
                .containsEntry("b", "c");
        assertThat(config("\"Env\":[null,\"A=b\"],\"Cmd\":[null]").environment()).containsExactly("A=b");
        for (String zero : new String[] { "\"Env\":[\"A=\\u0000\"]", "\"Cmd\":[\"a\\u0000b\"]", "\"User\":\"\\u0000\"",
            "\"Volumes\":{\"/a\\u0000\":{}}", "\"WorkingDir\":\"/\\u0000\"", "\"Entrypoint\":[\"\\u0000\"]" }) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> config(zero))
                    .withMessageContaining("zero byte");
        }
    }

    @Test
    void aTimeThatNoClockShowsIsNone() {
        assertThat(ImageConfig.time("+999999999-12-31T23:59:59Z")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(ImageConfig.time("yesterday")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(ImageConfig.time("2025-01-02T03:04:05.5+01:00")).isEqualTo("2025-01-02T02:04:05.5Z");
    }

    @Test
    void layersAndTheirNamesAreOfOneNumber() {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> Puller.checkCount(WHAT, config(""), 2))
                .withMessageContaining("2 layers and its configuration 0");
    }
}
