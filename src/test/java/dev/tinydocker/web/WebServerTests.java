package dev.tinydocker.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.explain.Anatomies;
import dev.tinydocker.problem.Conflict;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Who is answered, and who is not. */
@Timeout(60)
class WebServerTests {

    private static final String LOGS = "/api/containers/" + SampleContainers.ID + "/logs";
    private static final String STOP = "/api/containers/" + SampleContainers.ID + "/stop";

    private final SampleContainers containers = new SampleContainers();
    private WebServer server;
    private RawHttp http;
    private int port;
    private String authorization;

    static <T> ObjectProvider<T> provider(Class<T> type, Object... beans) {
        StaticListableBeanFactory factory = new StaticListableBeanFactory();
        for (Object bean : beans) {
            factory.addBean(bean.getClass().getName(), bean);
        }
        return factory.getBeanProvider(type);
    }

    private WebServer server(String address, int wanted) {
        ObjectProvider<ContainerService> service = provider(ContainerService.class, containers.service());
        return new WebServer(null, new Dashboard(new ContainerList(provider(Sampler.class), service),
                new LogPage(service), new AnatomyPage(provider(Anatomies.class)), new Deeds(service)), address, wanted);
    }

    @BeforeEach
    void begin() {
        server = server("127.0.0.1", 0);
        server.start();
        URI page = URI.create(server.dashboard(false));
        port = page.getPort();
        http = new RawHttp(port);
        authorization = "Authorization: Bearer " + page.getFragment().replace("token=", "");
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void thePageIsServedAndLetsNothingInFromElsewhere() throws IOException {
        RawHttp.Reply page = http.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'",
                "frame-ancestors 'none'", "trusted-types 'none'").doesNotContain("unsafe");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = { "evil.example", "evil.example:PORT", "127.0.0.1", "127.0.0.1:1",
        "localhost.evil.example:PORT", "127.0.0.1.nip.example:PORT",
        "[::ffff:127.0.0.1]:PORT", "127.0.0.1:PORT:PORT", "" })
    void aNameThatIsNotOursIsRefused(String host) throws IOException {
        List<String> headers = List.of("Host: " + host.replace("PORT", Integer.toString(port)));
        for (String path : List.of("/", "/main.js", "/api/containers", "/metrics")) {
            assertThat(http.ask("GET", path, headers).status()).as("%s of %s", path, host).isIn(421, 400);
        }
    }

    @Test
    void noNameAndTwoNamesAreRefused() throws IOException {
        assertThat(http.ask("GET", "/", List.of()).status()).isIn(421, 400);
        assertThat(http.get("/", "Host: evil.example").status()).isIn(421, 400);
        assertThat(http.get("http://evil.example/").status()).isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(strings = { "localhost", "LOCALHOST", "127.0.0.1", "[::1]" })
    void everyNameOfLoopbackIsOurs(String host) throws IOException {
        assertThat(http.ask("GET", "/", List.of("Host: " + host + ":" + port)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "Origin: http://evil.example", "Origin: null", "Origin: http://localhost:1",
        "Origin: https://127.0.0.1:PORT", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site" })
    void whatAnotherPageCausesIsRefusedWithTheTokenToo(String header) throws IOException {
        String foreign = header.replace("PORT", Integer.toString(port));
        for (String path : List.of("/", "/api/containers", LOGS, "/metrics")) {
            assertThat(http.get(path, foreign, authorization).status()).as("%s", path).isEqualTo(403);
        }
        assertThat(http.post(STOP, foreign, authorization).status()).isEqualTo(403);
        assertThat(http.ask("OPTIONS", STOP, List.of("Host: 127.0.0.1:" + port, foreign,
                "Access-Control-Request-Headers: authorization")).status()).isEqualTo(403);
        assertThat(containers.calls).isEmpty();
    }

    @Test
    void aLinkToThePageIsFollowed() throws IOException {
        assertThat(http.get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
                .status()).isEqualTo(200);
        assertThat(http.get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe")
                .status()).isEqualTo(403);
    }

    @Test
    void ourOwnPageIsAnswered() throws IOException {
        containers.wrote("2026-05-17T12:30:45.000000001Z", "hello");
        RawHttp.Reply reply = http.get(LOGS, "Origin: http://127.0.0.1:" + port, "Sec-Fetch-Site: same-origin",
                authorization);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("\"text\":\"hello\"");
    }

    @Test
    void withoutTheTokenNothingIsToldOfAContainerAndNothingChanges() throws IOException {
        assertThat(http.get(LOGS).status()).isEqualTo(401);
        assertThat(http.get(LOGS.replace("/logs", "/anatomy")).status()).isEqualTo(401);
        assertThat(http.post(STOP).status()).isEqualTo(401);
        for (String wrong : List.of("Bearer ", "Bearer x", "Basic YTpi", authorization.substring(15) + "x")) {
            assertThat(http.get(LOGS, "Authorization: " + wrong).status()).as(wrong).isEqualTo(401);
            assertThat(http.post(STOP, "Authorization: " + wrong).status()).as(wrong).isEqualTo(401);
            assertThat(http.get("/api/containers", "Authorization: " + wrong).status()).as(wrong).isEqualTo(401);
        }
        assertThat(http.get(LOGS + "?token=" + authorization.substring(22)).status()).isEqualTo(401);
        assertThat(containers.calls).isEmpty();
    }

    @Test
    void anEarlierTokenIsGoodForNothing() throws IOException {
        assertThat(server.dashboard(false)).endsWith(authorization.substring(22));
        assertThat(server.dashboard(true)).doesNotContain(authorization.substring(22));
        assertThat(http.post(STOP, authorization).status()).isEqualTo(401);
    }

    @Test
    void withTheTokenWhatIsThereIsDone() throws IOException {
        assertThat(http.post(STOP, authorization).status()).isEqualTo(200);
        assertThat(http.post(STOP.replace("/stop", "/explode"), authorization).status()).isEqualTo(404);
        RawHttp.Reply none = http.post(STOP.replace("3f2a", "0000"), authorization);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body()).startsWith("cannot find the container '").doesNotContain("Exception");
        assertThat(http.get(STOP, authorization).status()).isEqualTo(404);
        assertThat(http.ask("DELETE", STOP, List.of("Host: 127.0.0.1:" + port, authorization)).status()).isEqualTo(405);
        assertThat(containers.calls).containsExactly("stop " + SampleContainers.ID);
    }

    @Test
    void deedsAtTheSameTimeAreBounded() throws Exception {
        CountDownLatch begun = new CountDownLatch(8);
        CountDownLatch end = new CountDownLatch(1);
        containers.whileStopping = () -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket client = http.open();
            client.getOutputStream().write(("POST " + STOP + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nContent-Length: 0\r\n" + authorization + "\r\n\r\n").getBytes());
            clients.add(client);
        }
        begun.await();
        assertThat(http.post(STOP, authorization).status()).isEqualTo(503);
        end.countDown();
        for (Socket client : clients) {
            assertThat(new String(client.getInputStream().readNBytes(12))).isEqualTo("HTTP/1.1 200");
            client.close();
        }
    }

    @Test
    void whatAContainerWroteIsTextAndItsAmountBounded() throws IOException {
        containers.wrote("2026-05-17T12:30:45.000000001Z", SampleContainers.HOSTILE);
        assertThat(http.get(LOGS, authorization).body()).contains("<img src=x onerror=alert(1)>\\\\u202egnp");
        for (int i = 0; i < 1000; i++) {
            containers.wrote("2026-05-17T12:31:00.000000001Z", "y".repeat(1000));
        }
        assertThat(http.get(LOGS, authorization).body().length()).isBetween(200_000, 300_000);
        assertThat(http.get(LOGS + "?after=2026-05-17T12:31:00.000000001Z", authorization).status()).isEqualTo(200);
        for (String query : List.of("?after=yesterday", "?tail=all", "?after=", "?",
                "?after=2026-99-17T12:31:00.000000001Z")) {
            assertThat(http.get(LOGS + query, authorization).status()).as(query).isEqualTo(400);
        }
    }

    @Test
    void oddRequestsAreAnsweredOrCutOffAndTheNextOneIsServed() throws IOException {
        String host = "Host: 127.0.0.1:" + port;
        assertThat(http.get("/api/containers/../../etc/passwd", authorization).status()).isEqualTo(404);
        assertThat(http.get("/api/containers/%2e%2e/logs", authorization).status()).isEqualTo(404);
        assertThat(http.get("/api/containers/" + "A".repeat(64) + "/logs", authorization).status()).isEqualTo(404);
        RawHttp.Reply brewed = http.ask("BREW", "/", List.of(host));
        assertThat(brewed.status()).isEqualTo(405);
        assertThat(brewed.header("Allow")).isEqualTo("GET, HEAD");
        RawHttp.Reply head = http.ask("HEAD", "/", List.of(host));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(http.send("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n" + host + "\r\n\r\n").status())
                .isNotEqualTo(200);
        assertThat(http.get("/", "X: " + "x".repeat(100_000)).status()).isNotEqualTo(200);
        assertThat(http.send("\0\1\2\r\n\r\n").status()).isNotEqualTo(200);
        assertThat(http.get("/").status()).isEqualTo(200);
    }

    @Test
    void clientsThatSayNothingAreFewAndDoNotKeepOthersFromBeingServed() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Socket client = http.open();
            client.getOutputStream().write("GET / HT".getBytes());
            silent.add(client);
        }
        assertThat(http.get("/").status()).isEqualTo(200);
        for (Socket client : silent) {
            client.close();
        }
    }

    @Test
    void aPortThatIsTakenStopsNobodyAndIsTold() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            WebServer second = server("127.0.0.1", taken.getLocalPort());
            second.start();
            assertThat(second.status()).startsWith("not served: 127.0.0.1, port " + taken.getLocalPort());
            second.start();
            assertThatThrownBy(() -> second.dashboard(false)).isInstanceOf(Conflict.class)
                    .hasMessageContaining("cannot show the dashboard: ").hasMessageContaining("not served");
            second.close();
        }
    }

    @Test
    void aPortThatWasTakenIsUsedOnceItIsFree() throws IOException {
        WebServer second;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            second = server("127.0.0.1", port);
            second.start();
        }
        try {
            Awaitility.await().untilAsserted(() -> assertThat(second.status()).isEqualTo("http://127.0.0.1:" + port
                    + "/metrics"));
            assertThat(new RawHttp(port).get("/").status()).isEqualTo(200);
        } finally {
            second.close();
        }
    }

    @Test
    void anAddressThatIsNoneStopsNobodyAndIsTold() {
        WebServer nowhere = server("no.such.host.invalid", 0);
        nowhere.start();
        assertThat(nowhere.status()).startsWith("not served: no.such.host.invalid, port 0: ")
                .endsWith("tiny.metrics.port").doesNotContain("null");
        nowhere.close();
    }

    @Test
    void whoWantsNoMetricsHasNoDashboard() {
        WebServer none = server("127.0.0.1", -1);
        none.start();
        assertThatThrownBy(() -> none.dashboard(false)).isInstanceOf(Conflict.class)
                .hasMessageContaining("tiny.metrics.port is -1");
    }
}
