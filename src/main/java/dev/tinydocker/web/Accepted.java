package dev.tinydocker.web;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a client says it understands, and how much it likes each: the header Accept, RFC 9110, section 12.5.1. */
final class Accepted {

    private static final String OPEN_METRICS = "application/openmetrics-text";
    /** Of what is served here; a client that names no version takes any. */
    private static final List<String> VERSIONS = List.of("", "0.0.1", "1.0.0");
    /** The most telling name first. */
    private static final List<String> TEXT = List.of("text/plain", "text/*", "*/*");

    private final List<Range> ranges;

    private Accepted(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** @param weight from 0, not at all, to 1 */
    private record Range(String type, String version, double weight) {
    }

    static Accepted parse(String header) {
        return new Accepted(Arrays.stream(header.toLowerCase(Locale.ROOT).split(",")).map(Accepted::range).toList());
    }

    private static Range range(String text) {
        String[] words = text.strip().split("\\s*;\\s*", -1);
        Map<String, String> parameters = Arrays.stream(words).skip(1).map(word -> word.split("=", 2))
                .filter(pair -> pair.length == 2).collect(Collectors.toMap(pair -> pair[0].strip(),
                        pair -> pair[1].strip().replace("\"", ""), (one, _) -> one));
        return new Range(words[0], parameters.getOrDefault("version", ""), weight(parameters.getOrDefault("q", "1")));
    }

    private static double weight(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(text)) : 0;
    }

    /** OpenMetrics is for those who name it, and like nothing of what else there is better. */
    boolean prefersOpenMetrics() {
        double open = ranges.stream().filter(range -> range.type.equals(OPEN_METRICS)
                && VERSIONS.contains(range.version)).mapToDouble(Range::weight).max().orElse(0);
        double text = TEXT.stream().map(this::most).flatMap(Optional::stream).findFirst().orElse(0.0);
        return open > 0 && open >= text;
    }

    private Optional<Double> most(String type) {
        return ranges.stream().filter(range -> range.type.equals(type)).map(Range::weight).max(Double::compare);
    }
}
