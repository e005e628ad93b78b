package dev.tinydocker.web;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Families of series, filled in any order for one page, and then given away. */
final class Families {

    private enum Kind {
        COUNTER, GAUGE, UNKNOWN
    }

    private record Point(double value, Labels labels) {
    }

    private record Family(Kind kind, String name, String help, List<Point> points) {
    }

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final List<MetricSnapshot> others = new ArrayList<>();

    /** One more value of something that only grows. @param name ends in {@code _total} */
    void counter(String name, String help, double value, Labels labels) {
        add(Kind.COUNTER, name, help, value, labels);
    }

    void gauge(String name, String help, double value, Labels labels) {
        add(Kind.GAUGE, name, help, value, labels);
    }

    /** A value whose name is older than the rules for names, and would break one of them under any kind. */
    void unknown(String name, String help, double value, Labels labels) {
        add(Kind.UNKNOWN, name, help, value, labels);
    }

    void other(MetricSnapshot snapshot) {
        others.add(snapshot);
    }

    private void add(Kind kind, String name, String help, double value, Labels labels) {
        families.computeIfAbsent(name, _ -> new Family(kind, name, help, new ArrayList<>())).points
                .add(new Point(value, labels));
    }

    MetricSnapshots snapshots() {
        List<MetricSnapshot> all = new ArrayList<>(others);
        families.values().forEach(family -> all.add(snapshot(family)));
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot snapshot(Family family) {
        List<Point> points = family.points;
        return switch (family.kind) {
            // Prometheus's own library puts the ending back.
            case COUNTER -> new CounterSnapshot(
                    new MetricMetadata(family.name.substring(0, family.name.length() - "_total".length()), family.help),
                    points.stream().map(point -> new CounterDataPointSnapshot(point.value, point.labels, null, 0))
                            .toList());
            case GAUGE -> new GaugeSnapshot(new MetricMetadata(family.name, family.help), points.stream()
                    .map(point -> new GaugeDataPointSnapshot(point.value, point.labels, null)).toList());
            case UNKNOWN -> new UnknownSnapshot(new MetricMetadata(family.name, family.help), points.stream()
                    .map(point -> new UnknownDataPointSnapshot(point.value, point.labels, null)).toList());
        };
    }
}
