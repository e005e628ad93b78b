package dev.tinydocker.shell;

import dev.tinydocker.container.Explanation.Entry;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.problem.Printable;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes what is done for a start as it becomes known: a line with who, how long, what and why; below it the system
 * calls; in the end a bar for each phase, and the total.
 */
final class ExplanationPrinter implements Consumer<Entry> {

    private static final double MICROS = 1e3;
    private static final double MILLIS = 1e6;
    private static final int BAR = 40;
    private static final String INDENT = " ".repeat(26);

    private final PrintStream out;
    private final Map<String, Long> phases = new LinkedHashMap<>();
    private int number;

    ExplanationPrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void accept(Entry entry) {
        number++;
        String time = String.format(Locale.ROOT, "%8.1f us", entry.nanos() / MICROS);
        out.println(String.format("%4d  %-6s %s%s  ", number, entry.who(), time, entry.beside() ? "*" : " ")
                + Printable.line(entry.what()) + ", " + entry.why());
        for (KernelCall call : entry.calls()) {
            out.println(INDENT + "  " + Printable.line(call.toString()));
        }
        if (!entry.beside()) {
            phases.merge(entry.phase(), entry.nanos(), Long::sum);
        }
    }

    /** @param total from the wish to the running program */
    synchronized void end(long total) {
        out.println();
        phases.forEach((phase, nanos) -> {
            long length = Math.round((double) BAR * nanos / Math.max(1, total));
            out.println(String.format(Locale.ROOT, "  %-11s %8.3f ms  %s", phase, nanos / MILLIS,
                    "#".repeat((int) length)).stripTrailing());
        });
        out.println(String.format(Locale.ROOT, "  %-11s %8.3f ms", "total", total / MILLIS));
    }
}
