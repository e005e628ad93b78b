package dev.tinydocker.web;

import com.zaxxer.hikari.HikariDataSource;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.store.Layout;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.stereotype.Component;

import java.util.Locale;
import javax.sql.DataSource;

/**
 * All metrics as one page. Meters of the JVM are made by the first page: an engine that nobody watches measures
 * nothing. Pages are made one after the other, so that many who ask cost no more than one at a time.
 */
@Component
class MetricsPage implements MultiCollector {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final ObjectProvider<MeterRegistry> meters;
    private final ObjectProvider<PrometheusScrapeEndpoint> endpoint;
    private final ObjectProvider<PrometheusRegistry> registry;
    private final ObjectProvider<Sampler> containers;
    private final ObjectProvider<DataSource> record;
    private final EngineCounts counts;
    private final Layout layout;
    private boolean registered;

    MetricsPage(ObjectProvider<MeterRegistry> meters, ObjectProvider<PrometheusScrapeEndpoint> endpoint,
            ObjectProvider<PrometheusRegistry> registry, ObjectProvider<Sampler> containers,
            ObjectProvider<DataSource> record, EngineCounts counts, Layout layout) {
        this.meters = meters;
        this.endpoint = endpoint;
        this.registry = registry;
        this.containers = containers;
        this.record = record;
        this.counts = counts;
        this.layout = layout;
    }

    /** A page and its media type. */
    record Page(String type, byte[] body) {
    }

    /** @param accept what the client asks for; OpenMetrics where it names that, and else Prometheus's own text */
    synchronized Page make(String accept) {
        if (!registered) {
            meters.getObject();
            registry.getObject().register(this);
            registered = true;
        }
        PrometheusOutputFormat format = accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS)
                ? PrometheusOutputFormat.CONTENT_TYPE_OPENMETRICS_100
                : PrometheusOutputFormat.CONTENT_TYPE_004;
        WebEndpointResponse<byte[]> page = endpoint.getObject().scrape(format, null);
        byte[] body = page.getBody();
        return new Page(format.getProducedMimeType().toString(), body == null ? new byte[0] : body);
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        EngineMetrics engine = new EngineMetrics(families);
        engine.machine();
        engine.process();
        engine.containers(containers.getObject().states());
        engine.counts(counts);
        if (record.getObject() instanceof HikariDataSource pool) {
            engine.database(layout, pool);
        }
        new ContainerMetrics(families, new BlockDevices()).add(containers.getObject().all());
        return families.snapshots();
    }
}
