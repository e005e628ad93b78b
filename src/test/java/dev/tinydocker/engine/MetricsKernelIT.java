package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.HostCpu;
import dev.tinydocker.support.Commands;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What a real Prometheus makes of a real engine's metrics, and how they hold with many containers. */
@Timeout(180)
class MetricsKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_SCRAPE = Duration.ofMillis(250);
    private static final int SCRAPES = 40;
    private static final int MANY = 500;

    /** What dashboards for cAdvisor ask, those with the numbers 193, 893, 14282 and 19792 at grafana.com among them. */
    private static final List<String> FOR_CADVISOR = List.of("count(container_last_seen{name=~\".+\",image!=\"\"})",
            "count(rate(container_last_seen{name=~\".+\"}[5m]))",
            "sum(rate(container_cpu_usage_seconds_total{name=~\".+\"}[5m])) by (name) * 100",
            "sum(rate(container_cpu_usage_seconds_total{image!=\"\"}[5m])) / sum(machine_cpu_cores)",
            "sum(rate(container_cpu_user_seconds_total{image!=\"\"}[5m])) by (id, name)",
            "sum(container_memory_rss{name=~\".+\"}) by (name)", "sum(container_memory_swap{name=~\".+\"}) by (name)",
            "sum(container_memory_cache{name=~\".+\"}) by (name)",
            "sum(container_memory_working_set_bytes{image!=\"\"}) / sum(machine_memory_bytes)",
            "container_memory_usage_bytes{name=~\".+\"} / (container_spec_memory_limit_bytes{name=~\".+\"} > 0) * 100",
            "sum(container_spec_memory_limit_bytes{name=~\".+\"} - container_memory_usage_bytes{name=~\".+\"}) by (name)",
            "sum(rate(container_network_receive_bytes_total{name=~\".+\"}[5m])) by (name)",
            "sum by (instance, interface) (irate(container_network_transmit_bytes_total{image!=\"\"}[5m]))",
            "rate(container_cpu_cfs_throttled_seconds_total[5m])",
            "(time() - container_start_time_seconds{name=~\".+\"}) / 86400",
            "sum(container_processes) + sum(container_threads) + sum(container_file_descriptors)");

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Tiny tiny;
    private URI address;

    @BeforeEach
    void begin() throws IOException {
        tiny = new Tiny(directory).with("TINY_METRICS_PORT", "0");
        address = URI.create(tiny.ok("info").lines().filter(line -> line.startsWith("metrics:"))
                .findFirst().orElseThrow()
                .replaceFirst("metrics: *", ""));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        tiny.close();
        tiny.awaitNothingLeft();
    }

    private HttpResponse<String> scrape(String path, String accept) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address.resolve(path)).header("Accept", accept).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String page() throws IOException, InterruptedException {
        HttpResponse<String> page = scrape("/metrics", "text/plain");
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body();
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(Tiny.HOME.resolve(
                "config/grafana/tiny-docker.json")));
    }

    /** The titles of panels that have nothing to show. */
    private static List<String> empty(PrometheusServer prometheus) throws IOException {
        List<String> empty = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr").asString().replace("$__rate_interval", "5s")
                        .replace("$__range", "5s").replace("$container", ".*");
                if (prometheus.query(expression).isEmpty()) {
                    empty.add(panel.path("title").asString());
                }
            }
        }
        return empty;
    }

    @Test
    void prometheusSeesWhatContainersUseAndTheDashboardHasItAll() throws Exception {
        tiny.ok("run", "-d", "--name", "hog", "-m", "300m", "--net", "isolated", "busybox", "sh", "-c",
                "(head -c 67108864 /dev/zero; sleep 1000) | tail");
        assertThat(tiny.tiny("run", "--rm", "busybox", "/nothing").status()).isEqualTo(127);
        try (PrometheusServer prometheus = new PrometheusServer(directory, address.getAuthority())) {
            prometheus.await("container_memory_rss{name=\"hog\"}", 64e6, 72e6);
            prometheus.await("container_memory_working_set_bytes{name=\"hog\"}", 64e6, 75e6);
            // With shares that leave hardly a processor to anything else: hog has its memory by now.
            tiny.ok("run", "-d", "--name", "burn", "--cpus", "1.5", "--cpu-shares", "100000", "busybox", "sh", "-c",
                    "while :; do :; done");
            prometheus.await("container_spec_memory_limit_bytes{name=\"hog\"}", 300 << 20, 300 << 20);
            prometheus.await("container_processes{name=\"hog\"}", 3, 4);
            prometheus.await("sum(container_network_receive_bytes_total{interface=\"eth0\"})", 0, 1e6);
            prometheus.await("rate(container_cpu_usage_seconds_total{name=\"burn\"}[3s])", 0.5, 1.1);
            prometheus.await("rate(container_cpu_usage_seconds_total{name=\"hog\"}[3s])", 0, 0.1);
            prometheus.await("container_cpu_cfs_periods_total{name=\"burn\"}", 1, 1e6);
            prometheus.await("tiny_containers{state=\"running\"}", 2, 2);
            prometheus.await("tiny_container_starts_total", 2, 2);
            prometheus.await("tiny_container_start_failures_total{step=\"exec\"}", 1, 1);
            prometheus.await("tiny_container_start_seconds_count{phase=\"total\"}", 2, 2);
            prometheus.await("time() - container_last_seen{name=\"burn\"}", -1, 5);
            prometheus.await("time() - container_start_time_seconds{name=\"burn\"}", 0, 120);
            // Of one moment: others may have the processor just then, and answers may be late.
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(Double.parseDouble(tiny.ok("stats",
                    "--no-stream", "--format", "{{.CPUPerc}}", "burn").replace("%", "").strip())).isBetween(50.0, 110.0));
            // A host with version 1 tells no pressure; without a block device there is nothing to read from.
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(empty(prometheus)).isSubsetOf("Waiting",
                    "Disks"));

            assertThat(FOR_CADVISOR).noneMatch(query -> prometheus.query(query).isEmpty());

            tiny.ok("rm", "-f", "hog");
            assertThat(page()).contains("name=\"burn\"").doesNotContain("name=\"hog\"");
            Awaitility.await().until(() -> prometheus.query("container_last_seen{name=\"hog\"}").isEmpty());
        }
    }

    @Test
    void theFormatIsWhatIsAskedForAndPrometheusHasNoComplaint() throws Exception {
        tiny.ok("run", "-d", "--name", "strange", "-m", "64m", "--cpus", "0.5", "--net", "isolated", "busybox", "sleep",
                "1000");
        HttpResponse<String> plain = scrape("/actuator/prometheus", "*/*");
        assertThat(plain.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain;version=0.0.4");
        HttpResponse<String> open = scrape("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(open.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/openmetrics-text");
        assertThat(open.body()).endsWith("# EOF\n").contains("# TYPE container_cpu_usage_seconds counter");

        // The engine's own, its machine's, and those of its JVM.
        assertThat(plain.body()).contains("\nmachine_cpu_cores " + HostCpu.count() + "\n",
                "\ntiny_database_bytes{file=\"database\"} ", "\njvm_memory_used_bytes{", "\njvm_threads_live_threads ",
                "\nprocess_cpu_seconds_total ");

        Path page = directory.resolve("page");
        Files.writeString(page, plain.body());
        assertThat(Commands.run("sh", "-c", "promtool check metrics <" + page + " 2>&1")).isEmpty();
        assertThat(Commands.run("promtool", "check", "config", Tiny.HOME.resolve("config/prometheus.yml").toString()))
                .contains("SUCCESS");
        assertThat(scrape("/metrics/else", "*/*").statusCode()).isEqualTo(404);
        assertThat(client.send(HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    /** Otherwise a sum over all containers has it as often as the network is shared. */
    @Test
    void whatComesThroughASharedNetworkIsCountedOnce() throws Exception {
        tiny.ok("run", "-d", "--name", "web", "--net", "isolated", "busybox", "sleep", "1000");
        tiny.ok("run", "-d", "--name", "side", "--net", "container:web", "busybox", "sleep", "1000");
        // Nobody listens there: it is answered, and fails.
        tiny.tiny("exec", "web", "sh", "-c", "nc -w 1 $(ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p') 9");
        assertThat(page().lines().filter(line -> line.startsWith("container_network_receive_bytes_total{")))
                .singleElement().asString().contains("name=\"web\"").doesNotEndWith(" 0");
        assertThat(page()).contains("container_processes{").contains("name=\"side\"");
        assertThat(tiny.ok("stats", "--no-stream", "--format", "{{.NetIO}}", "side")).as("as docker's")
                .doesNotStartWith("0B / ");
    }

    @Test
    void fiveHundredContainersComeAndGoAndAreReadInAQuarterOfASecond() throws Exception {
        page();
        try (ExecutorService users = Executors.newFixedThreadPool(4)) {
            List<Future<?>> starts = IntStream.range(0, MANY).<Future<?>>mapToObj(i -> users
                    .submit(() -> tiny.ok("run", "-d", "--name", "c" + i, "busybox", "sleep", "1000"))).toList();
            CompletableFuture<Void> all = CompletableFuture.runAsync(() -> starts.forEach(start -> {
                try {
                    start.get();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
            while (!all.isDone()) {
                page();
            }
            all.join();
        }
        assertThat(series(page())).isEqualTo(MANY);
        List<Duration> times = new ArrayList<>();
        // Others may have the processor meanwhile: of a few one must not be met by that.
        while (times.size() < SCRAPES && (times.isEmpty() || times.getLast().compareTo(LONGEST_SCRAPE) >= 0)) {
            long begin = System.nanoTime();
            page();
            times.add(Duration.ofNanos(System.nanoTime() - begin));
        }
        assertThat(times).anyMatch(time -> time.compareTo(LONGEST_SCRAPE) < 0);
        CompletableFuture<Void> removed = CompletableFuture.runAsync(() -> {
            try {
                List<String> words = new ArrayList<>(List.of("rm", "-f"));
                words.addAll(tiny.ok("ps", "-q").lines().toList());
                tiny.ok(words.toArray(String[]::new));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        while (!removed.isDone()) {
            page();
        }
        removed.join();
        assertThat(series(page())).isZero();
        assertThat(tiny.log()).doesNotContain("cannot be read");
    }

    private static long series(String page) {
        return page.lines().filter(line -> line.startsWith("container_last_seen{")).count();
    }
}
