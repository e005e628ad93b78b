package dev.tinydocker.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.support.RegistryProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** A real registry that wants tokens, as most public ones do. */
class TokenIT {

    @TempDir
    Path directory;

    @Test
    void everybodyReadsAndWhoeverIsKnownWrites() throws IOException, GeneralSecurityException {
        try (TokenServer tokens = new TokenServer(directory);
                RegistryProcess process = RegistryProcess.withTokens(directory.resolve("registry"), tokens.realm(),
                        TokenServer.SERVICE, TokenServer.ISSUER, directory.resolve("cert.pem"))) {
            RegistryService writer = new RegistryService(RegistrySettings.SHIPPED,
                    account -> account.equals(process.name())
                            ? Optional.of(new Credential("writer", "secret"))
                            : Optional.empty(), Thread::sleep);
            RegistryService reader = new RegistryService(RegistrySettings.SHIPPED);
            Repository one = new Repository(process.name(), "team/one");
            Repository two = new Repository(process.name(), "team/two");
            byte[] blob = new byte[100_000];
            String digest = Digests.of("", blob);

            writer.pushBlob(one, digest, blob.length, () -> new ByteArrayInputStream(blob));
            assertThat(writer.mountBlob(two, digest, one)).isTrue();
            try (InputStream in = reader.blob(two, digest, blob.length, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(blob);
            }
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> reader.pushBlob(one, digest, blob.length,
                    () -> new ByteArrayInputStream(blob))).withMessageContaining("(status 401)");

            assertThat(tokens.asked()).contains("service=" + TokenServer.SERVICE
                    + "&scope=repository:team/two:pull,push&scope=repository:team/one:pull&account=writer");
        }
    }
}
