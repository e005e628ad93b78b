package dev.tinydocker.engine;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real Prometheus, told of one engine by the configuration that users are given, but that it asks four times a second. */
final class PrometheusServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    PrometheusServer(Path directory, String target) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, Files.readString(Tiny.HOME.resolve("config/prometheus.yml"))
                .replace("127.0.0.1:9419", target).replace("15s", "250ms"));
        process = new ProcessBuilder("prometheus", "--config.file=" + config, "--storage.tsdb.path="
                + directory.resolve("tsdb"), "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true).redirectOutput(directory.resolve("prometheus.log").toFile()).start();
    }

    /** The results of an expression; none as long as the server does not answer. */
    JsonNode query(String expression) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            JsonNode answer = JSON.readTree(client.send(HttpRequest.newBuilder(uri).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
            if (!answer.path("status").asString().equals("success")) {
                throw new AssertionError(expression + ": " + answer);
            }
            return answer.path("data").path("result");
        } catch (IOException e) {
            return JSON.createArrayNode();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one value of an expression, NaN where there is none yet. */
    double value(String expression) {
        JsonNode results = query(expression);
        return results.isEmpty() ? Double.NaN : Double.parseDouble(results.get(0).path("value").get(1).asString());
    }

    void await(String expression, double least, double most) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> value(expression),
                value -> value >= least && value <= most);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
