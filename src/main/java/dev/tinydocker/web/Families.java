package dev.tinydocker.web;

import dev.tinydocker.metrics.Timing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Writes families of series one after the other in Prometheus's text format, version 0.0.4, or in OpenMetrics 1.0.
 * They become text at once: with 500 containers there are sixteen thousand series, and the heap that they took as
 * values of a library, sorted and checked, made the whole engine wait while it was cleared.
 */
final class Families {

    private static final String TOTAL = "_total";

    private enum Kind {
        COUNTER, GAUGE, HISTOGRAM, UNKNOWN
    }

    private final PageBuffer page;
    private final boolean open;
    private final StringBuilder number = new StringBuilder();
    private byte[] name = new byte[0];
    private byte[] header = new byte[0];

    /** @param open as OpenMetrics has it, without the mark at a page's end */
    Families(PageBuffer page, boolean open) {
        this.page = page;
        this.open = open;
    }

    /** Begins with something that only grows. @param called ends in {@code _total} */
    Families counter(String called, String help) {
        return begin(Kind.COUNTER, called, help);
    }

    Families gauge(String called, String help) {
        return begin(Kind.GAUGE, called, help);
    }

    /** Begins with values whose name is older than the rules for names, and would break one of them under any kind. */
    Families unknown(String called, String help) {
        return begin(Kind.UNKNOWN, called, help);
    }

    Families histogram(String called, String help) {
        return begin(Kind.HISTOGRAM, called, help);
    }

    private Families begin(Kind kind, String called, String help) {
        String type = switch (kind) {
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            case HISTOGRAM -> "histogram";
            case UNKNOWN -> open ? "unknown" : "untyped";
        };
        // OpenMetrics calls a counter's family by the name without its ending.
        String family = open && kind == Kind.COUNTER ? called.substring(0, called.length() - TOTAL.length()) : called;
        name = bytes(called);
        header = bytes("# HELP " + family + ' ' + help + "\n# TYPE " + family + ' ' + type + '\n');
        return this;
    }

    /** A series of the family that was begun with last; one without any is not on the page. */
    Families add(Labels labels, double value) {
        return add("", labels, value);
    }

    /** The series of a histogram. */
    Families add(Labels labels, Timing timing) {
        double[] bounds = Timing.bounds();
        long[] counts = timing.counts();
        long all = 0;
        for (int i = 0; i < bounds.length; i++) {
            all += counts[i];
            String bound = Double.isInfinite(bounds[i]) ? "+Inf" : new BigDecimal(Double.toString(bounds[i]))
                    .stripTrailingZeros().toPlainString();
            add("_bucket", labels.with("le", bound), all);
        }
        return add("_count", labels, all).add("_sum", labels, timing.seconds());
    }

    private Families add(String suffix, Labels labels, double value) {
        page.writeBytes(header);
        header = new byte[0];
        page.writeBytes(name);
        page.writeBytes(bytes(suffix));
        labels.write(page);
        page.write(' ');
        number.setLength(0);
        long whole = (long) value;
        if (whole == value) {
            number.append(whole);
        } else {
            number.append(value);
        }
        for (int i = 0; i < number.length(); i++) {
            page.write(number.charAt(i));
        }
        page.write('\n');
        return this;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
