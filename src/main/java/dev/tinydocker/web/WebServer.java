package dev.tinydocker.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Serves the metrics in the text formats of Prometheus, and the dashboard, with the HTTP server of the JDK. An engine
 * without them is an engine all the same: a port that is taken is told in the log and by {@code info}, stops nobody,
 * and is used as soon as it is free.
 */
@Component
public class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int NONE = -1;
    /** How often a port that was taken is tried: nobody tells when it becomes free. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** Of the JDK's server, which reads them once: who is slow, or many, holds a connection for a while and no more. */
    private static final Map<String, Integer> BOUNDS = Map.of("jdk.httpserver.maxConnections", 100,
            "sun.net.httpserver.maxIdleConnections", 50, "sun.net.httpserver.idleInterval", 30,
            "sun.net.httpserver.maxReqTime", 10, "sun.net.httpserver.maxRspTime", 60,
            "sun.net.httpserver.maxReqHeaders", 64, "sun.net.httpserver.maxReqHeaderSize", 16384);

    static {
        BOUNDS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value.toString());
            }
        });
    }

    private final MetricsPage metrics;
    private final Dashboard dashboard;
    private final String address;
    private final int port;
    private @Nullable HttpServer server;
    private @Nullable Callers callers;
    private @Nullable Thread waiting;
    private String status = "not served";

    WebServer(MetricsPage metrics, Dashboard dashboard, @Value("${tiny.metrics.address}") String address,
            @Value("${tiny.metrics.port}") int port) {
        this.metrics = metrics;
        this.dashboard = dashboard;
        this.address = address;
        this.port = port;
    }

    /** Begins to serve, where metrics are wanted and the port is free. A second call does nothing. */
    public synchronized void start() {
        if (port == NONE || server != null || waiting != null) {
            return;
        }
        try {
            open();
        } catch (IOException e) {
            status = problem(e) + "; it is tried again until it can be used, or see tiny.metrics.port";
            LOG.warn("metrics are {}", status);
            waiting = Thread.ofVirtual().name("metrics port").start(this::openWhenFree);
        } catch (IllegalArgumentException e) {
            status = problem(e) + "; see tiny.metrics.address and tiny.metrics.port";
            LOG.warn("metrics are {}", status);
        }
    }

    private String problem(Exception e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return "not served: " + address + ", port " + port + ": " + reason;
    }

    private void openWhenFree() {
        try {
            do {
                Thread.sleep(AGAIN);
            } while (!openIfFree());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True where it needs not be tried again. The JDK's server leaves a socket behind each time it cannot be bound. */
    private synchronized boolean openIfFree() {
        if (waiting != Thread.currentThread()) {
            return true;
        }
        try {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(address, port));
            }
            open();
            waiting = null;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void open() throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(address, port), 0);
        InetSocketAddress bound = started.getAddress();
        Callers known = new Callers(bound);
        started.setExecutor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("web").factory()));
        started.createContext("/", exchange -> serve(exchange, known));
        started.start();
        server = started;
        callers = known;
        status = "http://" + host(address) + ":" + bound.getPort() + MetricsPage.PATHS.getFirst();
        LOG.info("metrics are at {}", status);
    }

    private static String host(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Where metrics are, or why there are none. */
    public synchronized String status() {
        return status;
    }

    /**
     * Where the dashboard is, with the token in it that lets its reader change things.
     *
     * @param anew earlier tokens are good for nothing any more
     * @throws Conflict where there is no dashboard
     */
    public synchronized String dashboard(boolean anew) {
        Callers known = callers;
        if (known == null) {
            throw new Conflict("show the dashboard", "metrics, and it with them, are " + (port == NONE
                    ? "not wanted: tiny.metrics.port is -1" : status), "free the port, or choose another and end the "
                    + "engine: the next command starts a new one");
        }
        return known.home().orElseThrow(() -> new Conflict("show the dashboard",
                "it is served on loopback addresses only, and tiny.metrics.address is " + address,
                "set it to 127.0.0.1 or 0.0.0.0")) + "#token=" + dashboard.token().make(anew);
    }

    private void serve(HttpExchange exchange, Callers known) {
        try (exchange) {
            answer(exchange, known).send(exchange);
        } catch (IOException e) {
            LOG.debug("a client went away", e);
        } catch (RuntimeException e) {
            LOG.error("a page cannot be made: {}", exchange.getRequestURI().getPath(), e);
        }
    }

    private Answer answer(HttpExchange exchange, Callers known) {
        Answer refusal = known.refusal(exchange);
        if (refusal != null) {
            return refusal;
        }
        try {
            return MetricsPage.PATHS.contains(exchange.getRequestURI().getPath()) ? metrics.answer(exchange)
                    : dashboard.answer(exchange);
        } catch (Problem problem) {
            return Answer.of(problem);
        } catch (RuntimeException e) {
            LOG.error("the page '{}' cannot be made", exchange.getRequestURI().getPath(), e);
            return Answer.text(Answer.FAILED, "the page cannot be made; see the engine's log");
        }
    }

    @Override
    public synchronized void close() {
        if (waiting != null) {
            waiting.interrupt();
            waiting = null;
        }
        if (server != null) {
            server.stop(0);
            server = null;
            callers = null;
            status = "not served";
        }
    }
}
