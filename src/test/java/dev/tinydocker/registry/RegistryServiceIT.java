package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What is read from a real registry, with and without a password. */
class RegistryServiceIT {

    @TempDir
    static Path directory;

    private static RegistryProcess open;
    private static RegistryProcess closed;

    private final RegistryService service = new RegistryService(RegistrySettings.SHIPPED);
    private final Repository busybox = new Repository(open.name(), "team/busybox");

    @BeforeAll
    static void fill() throws IOException {
        open = RegistryProcess.open(directory.resolve("open"));
        closed = RegistryProcess.closed(directory.resolve("closed"));
        Path layout = directory.resolve("layout");
        OciLayout.busybox(layout, "1");
        OciLayout.addFile(layout, "1", "2", "/added", "more".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (String tag : new String[] { "1", "2" }) {
            open.push(layout, tag, "team/busybox:" + tag);
            closed.push(layout, tag, "team/busybox:" + tag);
        }
    }

    @AfterAll
    static void stop() {
        open.close();
        closed.close();
    }

    @Test
    void aManifestIsTheSameByTagAndByDigest() {
        RemoteManifest byTag = service.manifest(busybox, "1");

        assertThat(byTag.mediaType()).isEqualTo("application/vnd.oci.image.manifest.v1+json");
        assertThat(service.manifest(busybox, byTag.digest()).bytes()).isEqualTo(byTag.bytes());
        assertThat(service.digest(busybox, "1")).contains(byTag.digest());
        assertThat(service.digest(busybox, "2")).isPresent().isNotEqualTo(Optional.of(byTag.digest()));
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThat(service.digest(busybox, "3")).isEmpty();
        assertThatExceptionOfType(NotFound.class).isThrownBy(() -> service.manifest(busybox, "3"))
                .withMessage("cannot get the manifest of '" + open.name() + "/team/busybox:3': the registry '"
                        + open.name() + "' does not have it (status 404): manifest unknown");
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> service.blob(busybox, "sha256:" + "0".repeat(64), 10, 0).close());
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> service.tags(new Repository(open.name(), "team/other")));
    }

    @Test
    void aBlobIsReadWholeOrFromTheMiddle() throws IOException {
        JsonNode layer = layer(service, busybox);
        String digest = layer.path("digest").stringValue();
        long size = layer.path("size").asLong();

        byte[] whole = read(service, busybox, digest, size, 0);
        assertThat(Digests.of(digest, whole)).isEqualTo(digest);
        assertThat(read(service, busybox, digest, size, 1000)).isEqualTo(
                Arrays.copyOfRange(whole, 1000, whole.length));
        assertThat(read(service, busybox, digest, size, size)).isEmpty();
    }

    @Test
    void aSizeThatTheManifestInventedIsRefusedBeforeAByteIsRead() {
        JsonNode layer = layer(service, busybox);
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service.blob(busybox,
                layer.path("digest").stringValue(), layer.path("size").asLong() + 1, 0).close())
                .withMessageContaining("where the manifest says");
    }

    @Test
    void tagsAreListed() {
        assertThat(service.tags(busybox)).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void aRegistryThatAsksIsTold() throws IOException {
        Repository repository = new Repository(closed.name(), "team/busybox");
        RegistryService known = new RegistryService(RegistrySettings.SHIPPED, account -> account.equals(closed.name())
                ? Optional.of(new Credential(RegistryProcess.USER, RegistryProcess.PASSWORD))
                : Optional.empty(), Thread::sleep);

        JsonNode layer = layer(known, repository);
        String digest = layer.path("digest").stringValue();
        assertThat(Digests.of(digest, read(known, repository, digest, layer.path("size").asLong(), 0)))
                .isEqualTo(digest);
        assertThat(known.tags(repository)).hasSize(2);

        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service.manifest(repository, "1"))
                .withMessageContaining("wants to know who asks")
                .satisfies(e -> assertThat(e.hint()).contains("tiny login " + closed.name()));
        RegistryService wrong = new RegistryService(RegistrySettings.SHIPPED,
                account -> Optional.of(new Credential("tester", "guessed")), Thread::sleep);
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> wrong.manifest(repository, "1"));
    }

    static JsonNode layer(RegistryService service, Repository repository) {
        return Documents.read(service.manifest(repository, "1").bytes()).path("layers").path(0);
    }

    private static byte[] read(RegistryService service, Repository repository, String digest, long size, long from)
            throws IOException {
        try (InputStream in = service.blob(repository, digest, size, from)) {
            return in.readAllBytes();
        }
    }
}
