package dev.tinydocker.shell;

import dev.tinydocker.log.LogEntry;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Prints what a container wrote to the streams it was written to, byte for byte, its order kept as far as it is known.
 */
final class LogPrinter implements Consumer<LogEntry> {

    private final PrintStream out;
    private final PrintStream err;
    private final boolean times;
    private final boolean atOnce;
    private boolean lastToErr;
    private boolean outGoesOn;
    private boolean errGoesOn;

    /**
     * @param times begin each line with the time it was written
     * @param atOnce let nothing wait in a buffer
     */
    LogPrinter(Session session, boolean times, boolean atOnce) {
        this.out = session.out();
        this.err = session.err();
        this.times = times;
        this.atOnce = atOnce;
    }

    @Override
    public void accept(LogEntry entry) {
        PrintStream stream = entry.stderr() ? err : out;
        if (entry.stderr() != lastToErr) {
            (entry.stderr() ? out : err).flush();
            lastToErr = entry.stderr();
        }
        boolean goesOn = entry.stderr() ? errGoesOn : outGoesOn;
        if (times && !goesOn) {
            write(stream, (entry.time() + " ").getBytes(StandardCharsets.US_ASCII));
        }
        write(stream, entry.text());
        if (!entry.partial()) {
            stream.write('\n');
        }
        if (entry.stderr()) {
            errGoesOn = entry.partial();
        } else {
            outGoesOn = entry.partial();
        }
        if (atOnce) {
            stream.flush();
        }
    }

    private static void write(PrintStream stream, byte[] bytes) {
        stream.write(bytes, 0, bytes.length);
    }
}
