package dev.tinydocker.registry;

import static dev.tinydocker.registry.FaultyRegistry.gives;
import static dev.tinydocker.registry.FaultyRegistry.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;

/** Files from servers that are no registries. */
class WebFileTests {

    @Test
    void aFileIsReadWholeWhereverItWasMovedTo() throws IOException {
        byte[] content = new byte[100_000];
        try (FaultyRegistry moved = new FaultyRegistry(gives(content, content.length));
                FaultyRegistry server = new FaultyRegistry(says(302, "", "Location: " + moved.url() + "/b"));
                InputStream in = WebFile.open(server.url() + "/a")) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void aConnectionThatEndsEarlyIsNoEndOfTheFile() throws IOException {
        try (FaultyRegistry server = new FaultyRegistry(gives(new byte[1000], 600));
                InputStream in = WebFile.open(server.url())) {
            assertThatIOException().isThrownBy(in::readAllBytes);
        }
    }

    @Test
    void aServerThatHasNoSuchFileSaysSo() throws IOException {
        try (FaultyRegistry server = new FaultyRegistry(says(404, ""), says(500, ""))) {
            assertThatExceptionOfType(NotFound.class).isThrownBy(() -> WebFile.open(server.url()));
            assertThatExceptionOfType(SystemFailure.class).isThrownBy(() -> WebFile.open(server.url()))
                    .withMessageEndingWith("the server answers with status 500");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "file:///etc/passwd", "http:/x", "a b", "ftp://host.example/x", "http://" })
    void whatIsNoAddressOfHttpIsRefused(String url) {
        assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> WebFile.open(url));
    }
}
