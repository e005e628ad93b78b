package dev.tinydocker.image;

import dev.tinydocker.image.Layers.Layer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * A layer on its way here, on a thread of its own: one that reads from a socket hears no interrupt, and whoever has
 * given up a registry that stands still does not wait for it, nor does the next one. From then on it touches nothing
 * that has come; its thread ends when the registry says something, or at the time-out.
 */
final class Arrival {

    /** Who reads from a socket that bytes come from hears of the end within it. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final FutureTask<Layer> task;
    private final Thread thread;
    private boolean whole;

    /** @param ended done once, when it is here, has failed or was given up */
    Arrival(Download download, Consumer<Arrival> ended) {
        task = new FutureTask<>(() -> download.get(this)) {
            @Override
            protected void done() {
                ended.accept(Arrival.this);
            }
        };
        thread = Thread.ofPlatform().daemon().name("blob").unstarted(task);
    }

    /** What brings the layer here; it asks the arrival whether it is still wanted. */
    interface Download {
        Layer get(Arrival arrival) throws IOException, InterruptedException;
    }

    void start() {
        thread.start();
    }

    /** Waits for the layer, as {@link FutureTask#get()} does. */
    Layer get() throws InterruptedException, ExecutionException {
        return task.get();
    }

    boolean isCancelled() {
        return task.isCancelled();
    }

    /** Ends it; where all bytes have come, it is as good as here, and its end is waited for. */
    void giveUp() {
        synchronized (this) {
            if (!whole) {
                task.cancel(true);
            }
        }
        if (isCancelled()) {
            try {
                thread.join(MOMENT);
            } catch (InterruptedException e) {
                // It ends by itself.
                return;
            }
        }
        while (!task.isDone()) {
            try {
                get();
            } catch (InterruptedException e) {
                // Whoever interrupts has been heard already.
                continue;
            } catch (ExecutionException | CancellationException e) {
                return;
            }
        }
    }

    /** All bytes have come, and are the right ones. */
    synchronized void whole() throws InterruptedIOException {
        check();
        whole = true;
    }

    /** Deletes what has come, unless it is the next one's. */
    synchronized void discard(Path partial) {
        if (!isCancelled()) {
            Blobs.delete(partial);
        }
    }

    private void check() throws InterruptedIOException {
        if (isCancelled()) {
            throw new InterruptedIOException("it was given up");
        }
    }

    /**
     * Writes to a file what it does not have yet, until this is given up.
     *
     * @param there how many bytes it has
     */
    OutputStream rest(OutputStream file, long there) {
        return new Rest(file, there);
    }

    private final class Rest extends OutputStream {

        private final OutputStream out;
        private long there;

        Rest(OutputStream out, long there) {
            this.out = out;
            this.there = there;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] { (byte) value }, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int skipped = (int) Math.min(there, length);
            there -= skipped;
            synchronized (Arrival.this) {
                check();
                out.write(bytes, offset + skipped, length - skipped);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
