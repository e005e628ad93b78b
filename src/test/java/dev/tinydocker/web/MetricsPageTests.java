package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.SampleSampler;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.explain.Anatomies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** In which form, and to which methods, metrics are told. */
@Timeout(60)
class MetricsPageTests {

    private WebServer server;
    private RawHttp http;
    private String host;

    @BeforeEach
    void begin() {
        ObjectProvider<Sampler> sampler = WebServerTests.provider(Sampler.class, new SampleSampler(List.of()));
        ObjectProvider<ContainerService> service = WebServerTests.provider(ContainerService.class,
                new SampleContainers().service());
        server = new WebServer(UnreadAnswersTests.metrics(sampler), new Dashboard(new ContainerList(sampler, service),
                new LogPage(service), new AnatomyPage(WebServerTests.provider(Anatomies.class)), new Deeds(service)),
                "127.0.0.1", 0);
        server.start();
        int port = URI.create(server.dashboard(false)).getPort();
        http = new RawHttp(port);
        host = "Host: 127.0.0.1:" + port;
    }

    @AfterEach
    void end() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "'' | false", "*/* | false", "text/plain | false", "image/png | false",
        "application/openmetrics-text | true", "Application/OpenMetrics-Text;Version=1.0.0 | true",
        "application/openmetrics-text;version=\"1.0.0\" ; q=0.5 , */*;q=0.1 | true",
        "application/openmetrics-text;q=0,text/plain | false", "application/openmetrics-text;q=0.000 | false",
        "text/plain;q=0.9,application/openmetrics-text;q=0.1 | false",
        "text/*;q=0.9,application/openmetrics-text;q=0.1 | false", "*/*,application/openmetrics-text;q=0.5 | false",
        "text/plain,application/openmetrics-text | true", "application/openmetrics-text;version=9.9.9 | false",
        "application/openmetrics-text;q=many | false", "application/openmetrics-text;;q=1;; , ,; | true",
        // Prometheus 2 and 3, and 3 when it is told to like text better.
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | true",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;"
                + "version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | true",
        "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.4 | false" })
    void openMetricsIsForThoseWhoLikeItBest(String accept, boolean open) throws IOException {
        RawHttp.Reply reply = http.get("/metrics", "Accept: " + accept);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith(open ? "application/openmetrics-text;version=1.0.0;"
                : "text/plain;version=0.0.4;");
        assertThat(reply.body().endsWith("# EOF\n")).isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/metrics", "/actuator/prometheus", "/metrics?name[]=up" })
    void whoAsksForTheHeadGetsThatOnly(String path) throws IOException {
        RawHttp.Reply head = http.ask("HEAD", path, List.of(host));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).startsWith("text/plain;version=0.0.4");
        assertThat(Integer.parseInt(head.header("Content-Length"))).isPositive();
        assertThat(http.get(path).body()).contains("tiny_containers{state=\"running\"} ");
    }

    @Test
    void nothingElseIsDoneThere() throws IOException {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "BREW")) {
            RawHttp.Reply reply = http.ask(method, "/metrics", List.of(host, "Content-Length: 0"));
            assertThat(reply.status()).as(method).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
        }
        for (String path : List.of("/metrics/", "/METRICS", "/actuator", "/metrics/else")) {
            assertThat(http.get(path).status()).as(path).isEqualTo(404);
        }
    }
}
