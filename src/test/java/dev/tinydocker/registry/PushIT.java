package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What is given to a real registry, that asks who gives; and what it finds. */
class PushIT {

    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    Path directory;

    private RegistryProcess process;
    private RegistryService service;

    @BeforeEach
    void start() throws IOException {
        process = RegistryProcess.closed(directory.resolve("registry"));
        Path home = Files.createDirectories(directory.resolve("home"));
        service = new RegistryService(RegistrySettings.SHIPPED).forUser(Map.of("HOME", home.toString()));
    }

    @AfterEach
    void stop() {
        process.close();
    }

    private Repository repository(String path) {
        return new Repository(process.name(), path);
    }

    private void login() {
        service.login(process.name(), RegistryProcess.USER, RegistryProcess.PASSWORD);
    }

    private static String push(RegistryService service, Repository repository, byte[] bytes) {
        String digest = Digests.of("", bytes);
        service.pushBlob(repository, digest, bytes.length, () -> new ByteArrayInputStream(bytes));
        return digest;
    }

    @Test
    void anImageThatIsPushedIsReadByOthers() throws IOException {
        login();
        Repository web = repository("team/web");
        byte[] layer = new byte[3_000_000];
        new Random(3).nextBytes(layer);
        byte[] config = """
                {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}"""
                .formatted(Digests.of("", layer)).getBytes(StandardCharsets.UTF_8);
        String layerDigest = Digests.of("", layer);
        assertThat(service.hasBlob(web, layerDigest)).isFalse();
        push(service, web, layer);
        assertThat(service.hasBlob(web, layerDigest)).isTrue();
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},
                "layers":[{"mediaType":"%s","digest":"%s","size":%d}]}"""
                .formatted(MANIFEST_TYPE, CONFIG_TYPE, push(service, web, config), config.length, LAYER_TYPE,
                        layerDigest, layer.length).getBytes(StandardCharsets.UTF_8);

        String digest = service.pushManifest(web, "1", MANIFEST_TYPE, manifest);

        assertThat(digest).isEqualTo(Digests.of("", manifest));
        assertThat(service.digest(web, "1")).contains(digest);
        try (InputStream in = service.blob(web, layerDigest, layer.length, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(layer);
        }
        Commands.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--src-creds",
                RegistryProcess.USER + ":" + RegistryProcess.PASSWORD, "docker://" + process.name() + "/team/web:1",
                "oci:" + directory.resolve("copy") + ":1");

        assertThat(service.mountBlob(repository("team/other"), layerDigest, web)).isTrue();
        assertThat(service.hasBlob(repository("team/other"), layerDigest)).isTrue();
        assertThat(service.search(process.name() + "/WEB", 10)).extracting(SearchHit::name)
                .containsExactly(process.name() + "/team/web");
        assertThat(service.search(process.name() + "/", 1)).hasSize(1);
    }

    @Test
    void whatCannotBeMountedIsSaid() {
        login();
        assertThat(service.mountBlob(repository("a"), "sha256:" + "0".repeat(64), repository("b"))).isFalse();
        assertThat(service.mountBlob(repository("a"), "sha256:" + "0".repeat(64), new Repository("other.example", "a")))
                .isFalse();
    }

    @Test
    void aBlobThatIsNotWhatItIsCalledIsRefused() {
        login();
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service.pushBlob(repository("a"),
                "sha256:" + "0".repeat(64), 3, () -> new ByteArrayInputStream(new byte[3])))
                .withMessageContaining("digest");
    }

    @Test
    void aManifestWhoseBlobsAreNotThereIsRefused() {
        login();
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"sha256:%s","size":2},
                "layers":[]}"""
                .formatted(MANIFEST_TYPE, CONFIG_TYPE, "0".repeat(64)).getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> service.pushManifest(repository("a"), "1", MANIFEST_TYPE, manifest))
                .withMessageContaining("blob unknown");
    }

    @Test
    void aSourceThatCannotBeReadIsNoFaultOfTheRegistry() {
        login();
        assertThatExceptionOfType(SystemFailure.class).isThrownBy(() -> service.pushBlob(repository("a"),
                "sha256:" + "0".repeat(64), 3, () -> {
                    throw new IOException("disk on fire");
                })).withMessageEndingWith("what is to be sent cannot be read: disk on fire");
    }

    @Test
    void onlyAPasswordTheRegistryKnowsIsKept() throws IOException {
        Path config = directory.resolve("home/.docker/config.json");
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> push(service, repository("a"), new byte[9]))
                .withMessageContaining("wants to know who asks");
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> service.login(process.name(), "tester", "guessed"))
                .withMessage("cannot log in to '" + process.name() + "': the registry '" + process.name()
                        + "' does not know this user and password (status 401)");
        assertThat(config).doesNotExist();

        login();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config))).isEqualTo("rw-------");
        push(service, repository("a"), new byte[9]);
        // Others find it where they look for it.
        Commands.run("skopeo", "list-tags", "--authfile", config.toString(), "--tls-verify=false",
                "docker://" + process.name() + "/" + seeded());

        assertThat(service.logout(process.name())).isTrue();
        assertThat(service.logout(process.name())).isFalse();
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> push(service, repository("a"), new byte[9]));
    }

    @Test
    void anAddressNamesItsRegistry() {
        service.login("http://" + process.name() + "/v2/", RegistryProcess.USER, RegistryProcess.PASSWORD);
        push(service, repository("a"), new byte[9]);
        assertThat(service.logout("https://" + process.name())).isTrue();
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service.logout("ftp://" + process.name()));
    }

    /** A repository with a tag in it. */
    private String seeded() {
        Repository seeded = repository("seeded");
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":2},"layers":[]}"""
                .formatted(MANIFEST_TYPE, CONFIG_TYPE, push(service, seeded, config)).getBytes(StandardCharsets.UTF_8);
        service.pushManifest(seeded, "1", MANIFEST_TYPE, manifest);
        assertThat(service.tags(seeded)).isEqualTo(List.of("1"));
        return "seeded";
    }
}
