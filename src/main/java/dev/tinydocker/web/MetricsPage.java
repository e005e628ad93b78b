package dev.tinydocker.web;

import com.sun.net.httpserver.HttpExchange;
import com.zaxxer.hikari.HikariDataSource;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.store.Layout;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/**
 * All metrics as one page. Meters of the JVM are made by the first page: an engine that nobody watches measures
 * nothing. Pages are made one after the other, so that many who ask cost no more than one at a time; and there are two
 * at most, one that is made and one that is read, since each is megabytes until its client has it.
 */
@Component
class MetricsPage {

    /** Where it is. */
    static final List<String> PATHS = List.of("/metrics", "/actuator/prometheus");

    private static final int AT_A_TIME = 2;

    private final ObjectProvider<MeterRegistry> meters;
    private final ObjectProvider<PrometheusScrapeEndpoint> endpoint;
    private final ObjectProvider<Sampler> containers;
    private final ObjectProvider<DataSource> record;
    private final EngineCounts counts;
    private final Layout layout;
    /** Where the page before was, for the next one, unless it is being sent: 3 MiB with 500 containers. */
    private final AtomicReference<@Nullable PageBuffer> spare = new AtomicReference<>();
    private final Turns turns = new Turns(AT_A_TIME);

    MetricsPage(ObjectProvider<MeterRegistry> meters, ObjectProvider<PrometheusScrapeEndpoint> endpoint,
            ObjectProvider<Sampler> containers, ObjectProvider<DataSource> record, EngineCounts counts,
            Layout layout) {
        this.meters = meters;
        this.endpoint = endpoint;
        this.containers = containers;
        this.record = record;
        this.counts = counts;
        this.layout = layout;
    }

    /** The page: OpenMetrics where the client prefers that, and else Prometheus's own text. */
    Answer answer(HttpExchange exchange) {
        String accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
        if (!Answer.READING.contains(exchange.getRequestMethod())) {
            return Answer.only(exchange, Answer.READING);
        }
        return turns.take(() -> make(Accepted.parse(accept).prefersOpenMetrics()));
    }

    private synchronized Answer make(boolean open) {
        meters.getObject();
        PrometheusOutputFormat format = open ? PrometheusOutputFormat.CONTENT_TYPE_OPENMETRICS_100
                : PrometheusOutputFormat.CONTENT_TYPE_004;
        PageBuffer known = spare.getAndSet(null);
        PageBuffer page = known == null ? new PageBuffer() : known;
        page.reset();
        write(new Families(page, open));
        // The JVM's come last: they end with the mark that OpenMetrics wants at the end.
        WebEndpointResponse<byte[]> others = endpoint.getObject().scrape(format, null);
        byte[] body = others.getBody();
        page.writeBytes(body == null ? new byte[0] : body);
        return new Answer(Answer.OK, format.getProducedMimeType().toString(), page, () -> spare.set(page));
    }

    private void write(Families families) {
        EngineMetrics engine = new EngineMetrics(families);
        engine.machine();
        engine.process();
        engine.containers(containers.getObject().states());
        engine.counts(counts);
        if (record.getObject() instanceof HikariDataSource pool) {
            engine.database(layout, pool);
        }
        new ContainerMetrics(families, new BlockDevices()).write(containers.getObject().all());
    }
}
