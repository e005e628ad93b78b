package dev.tinydocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.store.Layout;
import dev.tinydocker.support.OciLayout;
import dev.tinydocker.support.RegistryProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** A layer that one place refuses, or has altered: neither what has come of it nor who has it from another place suffers. */
class FaultySourcesIT {

    @TempDir
    Path directory;

    private final List<String> waiting = new CopyOnWriteArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean refuses;
    private volatile boolean refusesOthers;
    private volatile boolean alters;
    private RegistryProcess registry;
    /** What stands before the registry and gives what that has, but for the layer. */
    private HttpServer front;
    private String hex;
    private byte[] layer;

    @BeforeEach
    void open() throws IOException {
        Path oci = directory.resolve("oci");
        OciLayout.busybox(oci, "one");
        registry = RegistryProcess.open(directory.resolve("registry"));
        OciLayout.addFile(oci, "one", "two", "/added", new byte[] { 'x' });
        registry.push(oci, "one", "team/web:1");
        registry.push(oci, "two", "team/web:2");
        try (Stream<Path> blobs = Files.list(oci.resolve("blobs/sha256"))) {
            Path largest = blobs.max(Comparator.comparingLong(blob -> blob.toFile().length())).orElseThrow();
            hex = largest.getFileName().toString();
            layer = Files.readAllBytes(largest);
        }
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.setExecutor(threads);
        front.createContext("/", this::answer);
        front.start();
    }

    @AfterEach
    void close() {
        front.stop(0);
        threads.shutdownNow();
        http.close();
        registry.close();
    }

    /** It knows no ranges. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean blob = exchange.getRequestURI().getPath().endsWith(hex);
            if (blob && refuses) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
            HttpResponse<byte[]> real = http.send(HttpRequest.newBuilder(URI.create("http://" + registry.name()
                    + exchange.getRequestURI())).header("Accept", accept).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            for (String header : List.of("Content-Type", "Docker-Content-Digest")) {
                real.headers().firstValue(header).ifPresent(value -> exchange.getResponseHeaders().set(header, value));
            }
            byte[] body = real.body();
            if (!blob && refusesOthers && body.length > 1 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            if (blob && alters) {
                asked.countDown();
                mayAnswer.await();
                body[body.length / 2] ^= 1;
            }
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(real.statusCode(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String behind() {
        return "127.0.0.1:" + front.getAddress().getPort();
    }

    private ConfigurableApplicationContext engine(String... settings) {
        return ImageRooms.start(directory.resolve("engine"), Stream.concat(Stream.of("--tiny.registry.attempts=1"),
                Arrays.stream(settings)).toArray(String[]::new));
    }

    private Image pull(ConfigurableApplicationContext context, String registryName) {
        return pull(context, registryName, "1");
    }

    private Image pull(ConfigurableApplicationContext context, String registryName, String tag) {
        ImageService images = context.getBean(ImageService.class);
        return images.pull(images.reference(registryName + "/team/web:" + tag), PullOptions.DEFAULT, new PullProgress() {
            @Override
            public void layer(String shortDigest, Phase phase, long done, long total) {
                if (phase == Phase.WAITING) {
                    waiting.add(shortDigest);
                }
            }

            @Override
            public void note(String line) {
                // Nobody looks at it here.
            }
        });
    }

    @Test
    void whatHasComeStaysWhereTheRestIsRefused() throws IOException {
        try (ConfigurableApplicationContext context = engine()) {
            Layout layout = context.getBean(Layout.class);
            Path partial = layout.partialBlob(hex);
            Files.createDirectories(layout.partialBlobs());
            Files.write(partial, Arrays.copyOf(layer, layer.length / 2));
            refuses = true;

            assertThatThrownBy(() -> pull(context, behind())).isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("status 403");
            assertThat(partial).hasSize(layer.length / 2);

            Files.delete(partial);
            assertThatThrownBy(() -> pull(context, behind())).isInstanceOf(InvalidRequest.class);
            assertThat(partial).as("nothing had come").doesNotExist();
            Files.write(partial, Arrays.copyOf(layer, layer.length / 2));
            refuses = false;
            assertThat(pull(context, behind()).layers().getLast().resolve("bin/busybox")).isExecutable();
            assertThat(layout.blob(hex)).hasBinaryContent(layer);
        }
    }

    @Test
    void whatAMirrorHasAlteredComesFromTheRegistry() {
        alters = true;
        mayAnswer.countDown();
        try (ConfigurableApplicationContext context = engine("--tiny.registry.mirrors=" + registry.name() + "=http://"
                + behind())) {
            assertThat(pull(context, registry.name()).layers().getLast().resolve("bin/busybox")).isExecutable();
        }
    }

    /** The same layer is pulled from two registries at once, and the first one that is asked has altered it. */
    @Test
    void whoWaitedForAnotherOnesLayerGetsItFromHisOwnRegistry() throws InterruptedException {
        alters = true;
        try (ConfigurableApplicationContext context = engine()) {
            CompletableFuture<Image> bad = CompletableFuture.supplyAsync(() -> pull(context, behind()), FaultySourcesIT::start);
            asked.await();
            CompletableFuture<Image> good = CompletableFuture.supplyAsync(() -> pull(context, registry.name()),
                    FaultySourcesIT::start);
            // Each says so once, and the second one again when it finds that the first one is at it.
            Awaitility.await().until(() -> waiting.size() >= 3);
            mayAnswer.countDown();

            assertThatThrownBy(bad::join).hasCauseInstanceOf(InvalidRequest.class).hasMessageContaining("came as");
            assertThat(good.join().layers().getLast().resolve("bin/busybox")).isExecutable();
        }
    }

    @Test
    void aLayerThatIsRefusedEndsThePullThoughTheOneBelowStandsStill() {
        alters = true;
        refusesOthers = true;
        try (ConfigurableApplicationContext context = engine()) {
            assertThatThrownBy(() -> pull(context, behind(), "2")).isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("status 403");
        } finally {
            mayAnswer.countDown();
        }
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().start(task);
    }
}
