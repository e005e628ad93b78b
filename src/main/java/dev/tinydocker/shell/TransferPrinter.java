package dev.tinydocker.shell;

import dev.tinydocker.image.PullProgress;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows how a transfer gets on: on a terminal a bar for each layer, drawn again a few times a second; elsewhere a line
 * for each layer, when it has come.
 */
final class TransferPrinter implements PullProgress, AutoCloseable {

    private static final long REDRAW_NANOS = 100_000_000;
    private static final int BAR = 50;
    private static final int LEAST_COLUMNS = 100;

    /** What is done to each layer, and what is said when it is done. */
    enum Way {
        PULL("Pull complete", "Already exists"), PUSH("Pushed", "Layer already exists");

        private final String done;
        private final String there;

        Way(String done, String there) {
            this.done = done;
            this.there = there;
        }
    }

    private final PrintStream out;
    private final Way way;
    private final boolean live;
    private final int rows;
    private final int columns;
    private final boolean quiet;
    private final Map<String, String> layers = new LinkedHashMap<>();
    private int drawn;
    private long last;
    private boolean closed;

    TransferPrinter(Session session, Way way, boolean quiet) {
        Session.Tty tty = session.tty();
        this.out = session.out();
        this.live = tty.out() && tty.rows() > 2;
        this.rows = tty.rows();
        this.columns = tty.columns();
        this.way = way;
        this.quiet = quiet;
    }

    @Override
    public synchronized void note(String line) {
        if (!quiet && !closed) {
            draw();
            out.println(line);
            // What comes now comes below.
            layers.clear();
            drawn = 0;
            out.flush();
        }
    }

    @Override
    public synchronized void layer(String digest, Phase phase, long done, long total) {
        if (quiet || closed) {
            return;
        }
        String text = text(phase, done, total);
        if (!live) {
            if (phase == Phase.DONE || phase == Phase.EXISTS) {
                out.println(digest + ": " + text);
                out.flush();
            }
            return;
        }
        boolean moves = phase == Phase.DOWNLOADING || phase == Phase.UPLOADING;
        layers.put(digest, text);
        if (!moves || System.nanoTime() - last > REDRAW_NANOS) {
            draw();
        }
    }

    private String text(Phase phase, long done, long total) {
        return switch (phase) {
            case WAITING -> "Waiting";
            case DOWNLOADING -> "Downloading " + bar(done, total);
            case UPLOADING -> "Pushing " + bar(done, total);
            case VERIFYING -> "Verifying Checksum";
            case EXTRACTING -> "Extracting";
            case DONE -> way.done;
            case EXISTS -> way.there;
        };
    }

    private String bar(long done, long total) {
        String sizes = Sizes.of(done, 4) + "/" + Sizes.of(total, 4);
        if (columns < LEAST_COLUMNS) {
            return sizes;
        }
        int filled = total == 0 ? BAR : (int) Math.min(BAR, done * BAR / total);
        return "[" + "=".repeat(filled) + (filled < BAR ? ">" : "") + " ".repeat(Math.max(0, BAR - filled - 1)) + "]  "
                + sizes;
    }

    /** More layers than the terminal has lines: the last ones are shown. */
    private void draw() {
        if (!live || layers.isEmpty()) {
            return;
        }
        last = System.nanoTime();
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\033[").append(drawn).append('A');
        }
        int skipped = Math.max(0, layers.size() - (rows - 1));
        drawn = layers.size() - skipped;
        layers.entrySet().stream().skip(skipped).forEach(layer ->
                text.append("\r\033[2K").append(layer.getKey()).append(": ").append(layer.getValue()).append('\n'));
        out.print(text);
        out.flush();
    }

    /** Nothing is shown any more: who was interrupted may still be heard. */
    @Override
    public synchronized void close() {
        if (!closed && !quiet) {
            draw();
        }
        closed = true;
    }
}
