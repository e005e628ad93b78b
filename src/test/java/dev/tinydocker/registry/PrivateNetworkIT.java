package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Real registries whose certificates nobody knows, and registries that are reached through a proxy only. */
@Timeout(60)
class PrivateNetworkIT {

    @TempDir
    Path directory;

    private TestAuthority authority;
    private Path trusted;

    @BeforeEach
    void anAuthorityOfOurOwn() throws IOException {
        authority = new TestAuthority(directory.resolve("authority"));
        authority.sign("server", "IP:127.0.0.1,DNS:registry.test");
        authority.sign("client", "DNS:client.test");
        trusted = Files.createDirectory(directory.resolve("certs.d"));
    }

    private RegistryProcess registry(boolean asksForClients) throws IOException {
        return RegistryProcess.withTls(directory.resolve("registry"), authority.file("server.cert"),
                authority.file("server.key"), asksForClients ? authority.file("ca.crt") : null);
    }

    private void trust(String registry, String... files) throws IOException {
        Path here = Files.createDirectories(trusted.resolve(registry));
        for (String file : files) {
            Files.copy(authority.file(file), here.resolve(file));
        }
    }

    private RegistryService service(String plain, String proxy, String none) {
        return new RegistryService(new RegistrySettings("", plain, "", "", Duration.ofSeconds(5), 1,
                Duration.ofSeconds(5),
                new Certificates(trusted), new Proxies(proxy, proxy, none, Map.of())));
    }

    private static void assertServes(RegistryService service, String registry) throws IOException {
        Repository repository = new Repository(registry, "team/one");
        byte[] blob = new byte[100_000];
        String digest = Digests.of("", blob);
        service.pushBlob(repository, digest, blob.length, () -> new ByteArrayInputStream(blob));
        try (InputStream in = service.blob(repository, digest, blob.length, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(blob);
        }
    }

    @Test
    void anAuthorityCountsForTheRegistryItWasPutThereFor() throws IOException {
        try (RegistryProcess process = registry(false)) {
            trust("127.0.0.1:1", "ca.crt");
            Files.createDirectory(trusted.resolve(process.name()));
            assertThatThrownBy(() -> assertServes(service("", "", ""), process.name())).isInstanceOf(HostLacks.class)
                    .hasMessageContaining("no secure connection");

            trust(process.name(), "ca.crt");
            assertServes(service("", "", ""), process.name());
        }
    }

    @Test
    void aRegistryThatAsksWhoWeAreIsShownOurCertificate() throws IOException {
        try (RegistryProcess process = registry(true)) {
            trust(process.name(), "ca.crt");
            assertThatThrownBy(() -> assertServes(service("", "", ""), process.name())).isInstanceOf(Problem.class);

            trust(process.name(), "client.cert");
            assertThatThrownBy(() -> assertServes(service("", "", ""), process.name())).isInstanceOf(Problem.class)
                    .hasMessageContaining("client.key");
            trust(process.name(), "client.key");
            assertServes(service("", "", ""), process.name());
        }
    }

    @Test
    void whatIsReachedThroughAProxyOnlyIs() throws IOException {
        try (TestProxy proxy = new TestProxy(); RegistryProcess process = registry(false)) {
            String name = "registry.test:" + process.port();
            trust(name, "ca.crt");
            assertServes(service("", proxy.address(), "other.test"), name);
            assertThat(proxy.asked()).isNotEmpty().containsOnly("CONNECT " + name);
        }
        try (TestProxy proxy = new TestProxy();
                RegistryProcess process = RegistryProcess.open(directory.resolve("plain"))) {
            String name = "registry.test:" + process.port();
            assertServes(service(name, proxy.address(), ""), name);
            assertThat(proxy.asked()).contains("GET " + name, "PUT " + name)
                    .noneMatch(word -> word.startsWith("CONNECT"));
            int before = proxy.asked().size();
            assertServes(service("", proxy.address(), ""), process.name());
            assertThat(proxy.asked()).as("this host is not asked through a proxy").hasSize(before);
        }
    }
}
