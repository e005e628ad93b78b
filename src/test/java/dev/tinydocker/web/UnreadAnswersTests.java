package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.Figures;
import dev.tinydocker.container.SampleSampler;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.explain.Anatomies;
import dev.tinydocker.metrics.EngineCounts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** Answers that are larger than what the kernel takes from a sender, for clients that do not read them. */
@Timeout(60)
class UnreadAnswersTests {

    private static final int CONTAINERS = 1000;
    private static final int CLIENTS = 20;

    private final List<Socket> clients = new ArrayList<>();
    private WebServer server;
    private RawHttp http;
    private String authorization;

    static MetricsPage metrics(ObjectProvider<Sampler> sampler) {
        return new MetricsPage(WebServerTests.provider(MeterRegistry.class, new SimpleMeterRegistry()),
                WebServerTests.provider(PrometheusScrapeEndpoint.class, new PrometheusScrapeEndpoint(
                        new PrometheusRegistry(), new Properties())), sampler, WebServerTests.provider(DataSource.class,
                        new DriverManagerDataSource()), new EngineCounts(), null);
    }

    private void serve(String image) {
        Usage usage = new Usage(new Usage.Cpu(0, 0, 0, 0, 0, 0, OptionalLong.empty(), 0, 1024),
                new Usage.Memory(0, 0, 0, 0, 0, 0, 0, OptionalLong.empty(), 0, 0,
                        new Usage.Faults(0, 0), new Usage.Faults(0, 0)), List.of(), List.of(), 1, OptionalLong.empty(), Map.of());
        ObjectProvider<Sampler> sampler = WebServerTests.provider(Sampler.class, new SampleSampler(IntStream
                .range(0, CONTAINERS).mapToObj(i -> new Figures(String.format("%064x", i), "c" + i, image,
                        "/tiny-docker/c" + i, 1, Instant.EPOCH, Instant.EPOCH, usage, List.of(), 0, 0)).toList()));
        ObjectProvider<ContainerService> service = WebServerTests.provider(ContainerService.class,
                new SampleContainers().service());
        MetricsPage metrics = metrics(sampler);
        server = new WebServer(metrics, new Dashboard(new ContainerList(sampler, service), new LogPage(service),
                new AnatomyPage(WebServerTests.provider(Anatomies.class)), new Deeds(service)), "127.0.0.1", 0);
        server.start();
        URI page = URI.create(server.dashboard(false));
        http = new RawHttp(page.getPort());
        authorization = "Authorization: Bearer " + page.getFragment().replace("token=", "");
    }

    /** Asks, and never reads. */
    private void ask(String path) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = http.open();
            clients.add(client);
            client.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + client.getPort()
                    + "\r\n\r\n").getBytes());
        }
    }

    private void awaitStatus(String path, int status) {
        Awaitility.await().ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(http.get(path).status()).isEqualTo(status));
    }

    private void goAway() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @AfterEach
    void end() throws IOException {
        goAway();
        server.close();
    }

    @Test
    void fewPagesOfMetricsAreHeldForThoseWhoDoNotRead() throws IOException {
        serve("i".repeat(300));
        assertThat(http.get("/metrics").body().length()).isGreaterThan(5_000_000);
        ask("/metrics");
        awaitStatus("/metrics", 503);
        goAway();
        awaitStatus("/metrics", 200);
    }

    @Test
    void thoseWithTheTokenAreAnsweredWhateverStrangersHold() throws IOException {
        serve("i".repeat(8000));
        assertThat(http.get("/api/containers").body().length()).isGreaterThan(5_000_000);
        ask("/api/containers");
        awaitStatus("/api/containers", 503);
        assertThat(http.get("/api/containers", authorization).status()).isEqualTo(200);
        goAway();
        awaitStatus("/api/containers", 200);
    }
}
