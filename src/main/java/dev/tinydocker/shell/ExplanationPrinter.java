package dev.tinydocker.shell;

import dev.tinydocker.container.Attachment;
import dev.tinydocker.container.Explanation;
import dev.tinydocker.container.Explanation.Entry;
import dev.tinydocker.container.ImageMissing;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.problem.Printable;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Writes what is done for a start as it becomes known: a line with who, how long, what and why; below it the system
 * calls; in the end a bar for each phase, and the total.
 */
final class ExplanationPrinter implements Consumer<List<Entry>> {

    private static final double MICROS = 1e3;
    private static final double MILLIS = 1e6;
    private static final int BAR = 40;
    private static final String INDENT = " ".repeat(26);

    private final PrintStream out;
    private final Map<String, Long> phases = new LinkedHashMap<>();
    private final Explanation explanation;
    private final StringBuilder text = new StringBuilder();
    private boolean last;
    private int number;

    /** For a command of a session, from its beginning. */
    ExplanationPrinter(Session session) {
        out = session.err();
        explanation = session.asked().map(asked -> Explanation.asked(this, asked.since(), asked.heard()))
                .orElseGet(() -> new Explanation(this));
    }

    /** Each write wakes the client: what comes together is one, and the last entry is one with the total. */
    @Override
    public synchronized void accept(List<Entry> entries) {
        for (Entry entry : entries) {
            number++;
            String time = String.format(Locale.ROOT, "%4d  %-6s %8.1f us%s  ", number, entry.who(),
                    entry.nanos() / MICROS, entry.beside() ? "*" : " ");
            text.append(time).append(Printable.line(entry.what())).append(", ").append(entry.why()).append('\n');
            for (KernelCall call : entry.calls()) {
                text.append(INDENT).append("  ").append(Printable.line(call.toString())).append('\n');
            }
            if (!entry.end().isEmpty()) {
                text.append(INDENT).append("  ").append(Printable.line(entry.end())).append('\n');
            }
            if (!entry.beside()) {
                phases.merge(entry.phase(), entry.nanos(), Long::sum);
            }
        }
        if (!last) {
            send();
        }
    }

    private void send() {
        out.print(text);
        text.setLength(0);
    }

    /** Starts something, telling what is done for it, and in the end how long that took. */
    Attachment start(Function<Explanation, Attachment> start) {
        boolean over = true;
        try {
            return start.apply(explanation);
        } catch (ImageMissing e) {
            over = false;
            throw e;
        } finally {
            if (over) {
                end();
            }
        }
    }

    /** Gets the image that a start has missed, before it is tried again. */
    int pull(IntSupplier pull) {
        boolean pulled = false;
        try {
            int status = explanation.pulling(pull::getAsInt);
            pulled = status == 0;
            return status;
        } finally {
            if (!pulled) {
                end();
            }
        }
    }

    private synchronized void end() {
        last = true;
        explanation.end();
        // From the client's call to now.
        long total = explanation.nanos();
        text.append('\n');
        phases.forEach((phase, nanos) -> {
            long length = Math.round((double) BAR * nanos / Math.max(1, total));
            text.append(String.format(Locale.ROOT, "  %-11s %8.3f ms  %s", phase, nanos / MILLIS,
                    "#".repeat((int) length)).stripTrailing()).append('\n');
        });
        text.append(String.format(Locale.ROOT, "  %-11s %8.3f ms%n", "total", total / MILLIS));
        send();
    }
}
