package dev.tinydocker.registry;

import static dev.tinydocker.registry.FaultyRegistry.gives;
import static dev.tinydocker.registry.FaultyRegistry.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** What goes wrong on the way to a registry, and what the user hears of it. */
class RegistryFaultTests {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    /** With the time that any answer has which comes. */
    private static final RegistrySettings PATIENT = settings("", Duration.ofSeconds(30));

    private final List<Duration> waits = new ArrayList<>();

    private static RegistrySettings settings(String mirrors, Duration timeout) {
        return new RegistrySettings("", "", "", mirrors, timeout, 3, Duration.ofMinutes(1));
    }

    private RegistryService service() {
        return service(PATIENT);
    }

    private RegistryService service(RegistrySettings settings) {
        return new RegistryService(settings, Credentials.NONE, waits::add);
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(1).nextBytes(content);
        return content;
    }

    private static Repository repository(FaultyRegistry registry) {
        return new Repository(registry.name(), "a/b");
    }

    private static Problem failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(Problem.class, call);
    }

    @Test
    void aHostNobodyKnowsIsNamedAndNotAskedAgain() {
        Problem problem = failure(() -> service().manifest(new Repository("registry.invalid:5000", "a"), "1"));
        assertThat(problem).isInstanceOf(NotFound.class).hasMessage(
                "cannot get the manifest of 'registry.invalid:5000/a:1': no host is known as 'registry.invalid'");
        assertThat(waits).isEmpty();
    }

    @Test
    void aHostNobodyKnowsIsNotATagNobodyKnows() {
        assertThatExceptionOfType(NotFound.class)
                .isThrownBy(() -> service().digest(new Repository("registry.invalid", "a"), "1"));
    }

    @Test
    void aPortNobodyListensOnIsNamedAtOnce() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Problem problem = failure(() -> service().tags(new Repository("127.0.0.1:" + port, "a")));
        assertThat(problem).isInstanceOf(SystemFailure.class).hasMessage("cannot list the tags of '127.0.0.1:" + port
                + "/a': the registry '127.0.0.1:" + port + "' cannot be reached: Connection refused");
        assertThat(waits).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | InvalidRequest | does not allow it (status 403): no entry
            404 | NotFound       | does not have it (status 404): no entry
            418 | SystemFailure  | answers with status 418: no entry
            """)
    void anAnswerThatSaysNoIsFinal(int status, String kind, String says) throws IOException {
        String body = "{\"errors\":[{\"code\":\"X\",\"message\":\"no\\u001b[31m entry\"}]}".replace("[31m", "");
        try (FaultyRegistry registry = new FaultyRegistry(says(status, body))) {
            Problem problem = failure(() -> service().manifest(repository(registry), "1"));
            assertThat(problem.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(problem).hasMessageEndingWith("the registry '" + registry.name() + "' " + says);
            assertThat(registry.asked()).hasSize(1);
        }
    }

    @Test
    void aServerThatFailsIsAskedAgainAFewTimesAndLaterEachTime() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(503, "<html>busy</html>"))) {
            Problem problem = failure(() -> service().manifest(repository(registry), "1"));
            assertThat(problem).isInstanceOf(SystemFailure.class).hasMessageEndingWith("failed (status 503)");
            assertThat(registry.asked()).hasSize(3);
            assertThat(waits).hasSize(2);
            assertThat(waits.get(0)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
            assertThat(waits.get(1)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
        }
    }

    @Test
    void aServerThatRecoversIsForgiven() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(500, ""), says(502, ""),
                says(200, "{\"tags\":[\"1\"]}"))) {
            assertThat(service().tags(repository(registry))).containsExactly("1");
        }
    }

    @Test
    void aRegistryThatAsksToWaitIsGivenThatTime() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(429, "", "Retry-After: 7"),
                says(200, "{\"tags\":[\"1\"]}"))) {
            assertThat(service().tags(repository(registry))).containsExactly("1");
            assertThat(waits).containsExactly(Duration.ofSeconds(7));
        }
    }

    @Test
    void aRegistryMayNameTheHour() throws IOException {
        String soon = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(20));
        try (FaultyRegistry registry = new FaultyRegistry(says(503, "", "Retry-After: " + soon),
                says(200, "{\"tags\":[\"1\"]}"))) {
            assertThat(service().tags(repository(registry))).containsExactly("1");
            assertThat(waits).singleElement().satisfies(wait -> assertThat(wait).isBetween(Duration.ofSeconds(10),
                    Duration.ofSeconds(20)));
        }
    }

    @Test
    void aWaitThatIsTooLongIsLeftToTheUser() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(429, "", "Retry-After: 3600"))) {
            Problem problem = failure(() -> service().tags(repository(registry)));
            assertThat(problem).isInstanceOf(SystemFailure.class)
                    .hasMessageContaining("too many requests (status 429)");
            assertThat(problem.hint()).startsWith("try again in 3600 s");
            assertThat(waits).isEmpty();
        }
    }

    @Test
    void aRegistryThatSaysNothingIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Problem problem = failure(() -> service(new RegistrySettings("", "", "", "", Duration.ofMillis(50), 2,
                    Duration.ZERO)).tags(new Repository("127.0.0.1:" + silent.getLocalPort(), "a")));
            assertThat(problem).isInstanceOf(SystemFailure.class).hasMessageContaining("does not answer in time");
            assertThat(waits).hasSize(1);
        }
    }

    @Test
    void aBlobGoesOnWhereTheConnectionBroke() throws IOException {
        byte[] content = content(500_000);
        try (FaultyRegistry registry = new FaultyRegistry(gives(content, 200_000), gives(content, 100_000),
                says(503, ""), gives(content, content.length))) {
            try (InputStream in = service().blob(repository(registry), DIGEST, content.length, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(registry.asked()).extracting(FaultyRegistry.Asked::range).containsExactly("", "bytes=200000-",
                    "bytes=300000-", "bytes=300000-");
        }
    }

    @Test
    void aBlobOfWhichAPartIsHereAlreadyGoesOnAfterIt() throws IOException {
        byte[] content = content(100_000);
        try (FaultyRegistry registry = new FaultyRegistry(gives(content, content.length));
                InputStream in = service().blob(repository(registry), DIGEST, content.length, 60_000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 60_000, content.length));
        }
    }

    @Test
    void aServerWithoutRangesSendsAllAndWhatIsHereIsSkipped() throws IOException {
        byte[] content = content(100_000);
        try (FaultyRegistry registry = new FaultyRegistry(gives(content, 70_000), all(content, content.length));
                InputStream in = service().blob(repository(registry), DIGEST, content.length, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    /** What is skipped comes by the same connections, which break as well. */
    @Test
    void aServerWithoutRangesIsAskedAgainAsOftenAsOneWithThem() throws IOException {
        byte[] content = content(100_000);
        try (FaultyRegistry registry = new FaultyRegistry(all(content, 70_000), all(content, 30_000),
                all(content, content.length));
                InputStream in = service().blob(repository(registry), DIGEST, content.length, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
            assertThat(registry.asked()).hasSize(3);
        }
    }

    @Test
    void aServerThatGivesAnotherRangeIsAskedForEverything() throws IOException {
        byte[] content = content(1000);
        try (FaultyRegistry registry = new FaultyRegistry(says(206, "0123", "Content-Range: bytes 0-3/1000"),
                all(content, 1000)); InputStream in = service().blob(repository(registry), DIGEST, 1000, 600)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 600, 1000));
            assertThat(registry.asked()).extracting(FaultyRegistry.Asked::range).containsExactly("bytes=600-", "");
        }
    }

    /** All that there is, of which some comes before the connection breaks. */
    private static FaultyRegistry.Reply all(byte[] content, int bytes) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, bytes);
            exchange.getResponseBody().flush();
        };
    }

    @Test
    void aBlobThatStandsStillIsAskedForAgain() throws IOException {
        byte[] content = content(100_000);
        CountDownLatch read = new CountDownLatch(1);
        FaultyRegistry.Reply stalls = exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 80_000);
            exchange.getResponseBody().flush();
            try {
                read.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try (FaultyRegistry registry = new FaultyRegistry(stalls, gives(content, content.length));
                InputStream in = service(settings("", Duration.ofSeconds(1))).blob(repository(registry), DIGEST,
                        content.length, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
            read.countDown();
            assertThat(registry.asked()).last().extracting(FaultyRegistry.Asked::range).isEqualTo("bytes=80000-");
        }
    }

    @Test
    void aConnectionThatAlwaysBreaksIsGivenUp() throws IOException {
        byte[] content = content(100_000);
        try (FaultyRegistry registry = new FaultyRegistry(gives(content, 10));
                InputStream in = service().blob(repository(registry), DIGEST, content.length, 0)) {
            Problem problem = failure(in::readAllBytes);
            assertThat(problem).isInstanceOf(SystemFailure.class)
                    .hasMessageStartingWith("cannot download 'sha256:aaaaaaaaaaaa' of '" + registry.name() + "/a/b': ")
                    .hasMessageContaining("broke");
            assertThat(registry.asked()).hasSize(3);
        }
    }

    @Test
    void aBlobOfAnotherLengthIsRefused() throws IOException {
        byte[] content = content(1000);
        try (FaultyRegistry registry = new FaultyRegistry(gives(content, 1000))) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> service().blob(repository(registry), DIGEST, 999, 0).close())
                    .withMessageContaining("has 1000 bytes of it where the manifest says 999");
        }
    }

    @Test
    void aRangeNobodyAskedForIsRefused() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(206, "0123456789", "Content-Range: bytes 0-9/20"))) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> service().blob(repository(registry), DIGEST, 20, 10).close())
                    .withMessageContaining("gave others");
        }
    }

    @Test
    void aManifestThatIsNotWhatItsDigestSaysIsRefused() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(200, "{}"))) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> service().manifest(repository(registry), DIGEST))
                    .withMessageContaining("and not " + DIGEST);
        }
    }

    @Test
    void aManifestWithoutEndIsRefused() throws IOException {
        try (FaultyRegistry registry = new FaultyRegistry(says(200, " ".repeat(5 << 20)))) {
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> service().manifest(repository(registry), "1"))
                    .withMessageContaining("more than 4194304 bytes");
        }
    }

    @Test
    void aThreadThatIsInterruptedReadsNoMore() throws IOException {
        byte[] content = content(1000);
        try (FaultyRegistry registry = new FaultyRegistry(gives(content, 1000));
                InputStream in = service().blob(repository(registry), DIGEST, 1000, 0)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(SystemFailure.class).isThrownBy(in::readAllBytes)
                    .withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void pagesAreFollowedButNotToSomebodyElse() throws IOException {
        try (FaultyRegistry other = new FaultyRegistry(says(200, "{\"tags\":[\"hostile\"]}"));
                FaultyRegistry registry = new FaultyRegistry(
                        says(200, "{\"tags\":[\"1\"]}", "Link: </v2/a/b/tags/list?last=1>; rel=\"next\""),
                        says(200, "{\"tags\":[\"2\"]}", "Link: <" + other.url() + "/>; rel=\"next\""))) {
            assertThat(service().tags(repository(registry))).containsExactly("1", "2");
            assertThat(registry.asked().get(1).uri()).isEqualTo("/v2/a/b/tags/list?last=1");
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void aListOfMoreThanAnybodyCanUseIsRefusedOrCutOff() throws IOException {
        String many = "\"a\",".repeat(90_000) + "\"a\"";
        try (FaultyRegistry registry = new FaultyRegistry(says(200, "{\"tags\":[" + many + "," + many + "]}"),
                says(200, "{\"tags\":[" + many + "]}", "Link: </v2/a/b/tags/list?last=1>; rel=next"))) {
            assertThatExceptionOfType(InvalidRequest.class).isThrownBy(() -> service().tags(repository(registry)))
                    .withMessageContaining("is no list");
            assertThat(service().tags(repository(registry))).hasSize(180_002);
            assertThat(registry.asked()).hasSize(3);
        }
    }

    @Test
    void aMirrorThatFailsIsAskedOnceAndThenLeftAlone() throws IOException {
        try (FaultyRegistry mirror = new FaultyRegistry(says(503, ""));
                FaultyRegistry registry = new FaultyRegistry(says(200, "{\"tags\":[\"1\"]}"))) {
            RegistryService service = service(settings(registry.name() + "=" + mirror.url(), Duration.ofSeconds(5)));
            assertThat(service.tags(repository(registry))).containsExactly("1");
            assertThat(service.tags(repository(registry))).containsExactly("1");
            assertThat(mirror.asked()).hasSize(1);
            assertThat(registry.asked()).hasSize(2);
            assertThat(waits).isEmpty();
        }
    }

    @Test
    void nothingIsPushedToAMirror() throws IOException {
        try (FaultyRegistry mirror = new FaultyRegistry(says(201, ""));
                FaultyRegistry registry = new FaultyRegistry(says(201, ""))) {
            RegistryService service = service(settings(registry.name() + "=" + mirror.url(), Duration.ofSeconds(5)));
            service.pushManifest(repository(registry), "1", "application/json", new byte[] { '{', '}' });
            assertThat(mirror.asked()).isEmpty();
            assertThat(registry.asked()).singleElement().extracting(FaultyRegistry.Asked::text).isEqualTo("{}");
        }
    }

    @Test
    void anUploadThatBreaksBeginsAnew() throws IOException {
        byte[] content = content(100_000);
        try (FaultyRegistry registry = new FaultyRegistry(says(202, "", "Location: /v2/a/b/blobs/uploads/1?state=x"),
                says(500, ""), says(202, "", "Location: /v2/a/b/blobs/uploads/2"), exchange -> {
                    // No answer at all.
                }, says(202, "", "Location: /v2/a/b/blobs/uploads/3"), says(201, ""))) {
            service().pushBlob(repository(registry), DIGEST, content.length,
                    () -> new java.io.ByteArrayInputStream(content));
            assertThat(registry.asked()).extracting(asked -> asked.method() + " " + asked.uri()).containsExactly(
                    "POST /v2/a/b/blobs/uploads/",
                    "PUT /v2/a/b/blobs/uploads/1?state=x&digest=" + DIGEST.replace(":", "%3A"),
                    "POST /v2/a/b/blobs/uploads/", "PUT /v2/a/b/blobs/uploads/2?digest=" + DIGEST.replace(":", "%3A"),
                    "POST /v2/a/b/blobs/uploads/", "PUT /v2/a/b/blobs/uploads/3?digest=" + DIGEST.replace(":", "%3A"));
            assertThat(registry.asked().getLast().body()).isEqualTo(content);
        }
    }

    @Test
    void aRegistryThatIsNotSecureIsToldFromOneThatIsGone() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket caller = plain.accept()) {
                    caller.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(
                            StandardCharsets.US_ASCII));
                    caller.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The caller fails too, and the test with it.
                    return;
                }
            });
            RegistryService service = service(new RegistrySettings("", "", "hub.example=https://127.0.0.1:"
                    + plain.getLocalPort(), "", Duration.ofSeconds(5), 3, Duration.ZERO));
            Problem problem = failure(() -> service.tags(new Repository("hub.example", "a")));
            assertThat(problem).isInstanceOf(HostLacks.class).hasMessageContaining("has no secure connection to offer");
            assertThat(problem.hint()).contains("tiny.registry.plain");
            assertThat(waits).isEmpty();
        }
    }

    @Test
    void mirrorsAreAskedFirstAndTheRegistryLast() throws IOException {
        byte[] content = content(200_000);
        try (FaultyRegistry lacks = new FaultyRegistry(says(404, ""));
                FaultyRegistry breaks = new FaultyRegistry(says(200, "{\"tags\":[\"copy\"]}"), gives(content, 90_000),
                        says(500, ""));
                FaultyRegistry registry = new FaultyRegistry(gives(content, content.length))) {
            RegistryService service = service(settings("hub.example=" + lacks.url() + " hub.example=" + breaks.url()
                    + " hub.example=" + registry.url(), Duration.ofSeconds(5)));
            Repository repository = new Repository("hub.example", "a/b");

            assertThat(service.tags(repository)).containsExactly("copy");
            assertThat(registry.asked()).isEmpty();
            try (InputStream in = service.blob(repository, DIGEST, content.length, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(registry.asked()).extracting(FaultyRegistry.Asked::range).containsExactly("bytes=90000-");
        }
    }
}
