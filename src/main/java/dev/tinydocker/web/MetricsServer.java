package dev.tinydocker.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Serves the metrics in the text formats of Prometheus, with the HTTP server of the JDK. An engine without metrics is
 * an engine all the same: a port that is taken is told in the log and by {@code info}, and stops nobody.
 */
@Component
public class MetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final List<String> PATHS = List.of("/metrics", "/actuator/prometheus");
    private static final int NONE = -1;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int FAILED = 500;

    private final MetricsPage page;
    private final String address;
    private final int port;
    private @Nullable HttpServer server;
    private String status = "not served";

    MetricsServer(MetricsPage page, @Value("${tiny.metrics.address}") String address,
            @Value("${tiny.metrics.port}") int port) {
        this.page = page;
        this.address = address;
        this.port = port;
    }

    /** Begins to serve, where metrics are wanted and the port is free. A second call does nothing. */
    public synchronized void start() {
        if (port == NONE || server != null) {
            return;
        }
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(address, port), 0);
            started.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics").factory()));
            started.createContext("/", MetricsServer::refuse);
            HttpHandler scrape = this::scrape;
            PATHS.forEach(path -> started.createContext(path, scrape));
            started.start();
            server = started;
            status = "http://" + host(address) + ":" + started.getAddress().getPort() + PATHS.getFirst();
            LOG.info("metrics are at {}", status);
        } catch (IOException | IllegalArgumentException e) {
            status = "not served: " + address + ", port " + port + ": " + e.getMessage() + "; see tiny.metrics.port";
            LOG.warn("metrics are {}", status);
        }
    }

    private static String host(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Where metrics are, or why there are none. */
    public synchronized String status() {
        return status;
    }

    private void scrape(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("GET")) {
            answer(exchange, METHOD_NOT_ALLOWED, "text/plain", "GET only\n");
            return;
        }
        if (!PATHS.contains(exchange.getRequestURI().getPath())) {
            refuse(exchange);
            return;
        }
        try {
            String accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
            MetricsPage.Page made = page.make(accept);
            answer(exchange, OK, made.type(), made.body());
        } catch (RuntimeException e) {
            LOG.error("the meters cannot be read", e);
            answer(exchange, FAILED, "text/plain", "the meters cannot be read; see the engine's log\n");
        }
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        answer(exchange, NOT_FOUND, "text/plain", "there is only " + String.join(" and ", PATHS) + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        answer(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop(0);
            server = null;
            status = "not served";
        }
    }
}
