package dev.tinydocker.engine;

import org.jline.utils.NonBlockingInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Sends what is typed to a container, never more than it asked for. What is typed after {@link #close} stays for the next prompt: a
 * key is taken from the terminal only while this is open.
 */
final class ReplKeyboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplKeyboard.class);
    /** How soon the thread notices that it is closed; nobody waits that long but the prompt. */
    private static final int PEEK_MILLIS = 20;
    private static final int MOST = 4096;

    private final NonBlockingInputStream keys;
    private final Consumer<ByteBuffer> typed;
    private final Runnable ended;
    private int credit;
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * @param typed takes bytes
     * @param ended hears of Ctrl-D at the beginning of a line; nothing is read after it
     */
    ReplKeyboard(NonBlockingInputStream keys, Consumer<ByteBuffer> typed, Runnable ended) {
        this.keys = keys;
        this.typed = typed;
        this.ended = ended;
    }

    /** So many bytes more may be sent. The first call begins to read. */
    synchronized void credit(int bytes) {
        credit += bytes;
        notifyAll();
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().daemon().name("keyboard").start(this::pump);
        }
    }

    private void pump() {
        try {
            while (isWanted()) {
                int next = keys.peek(PEEK_MILLIS);
                if (next != NonBlockingInputStream.READ_EXPIRED && !take()) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("the terminal is gone", e);
            ended.run();
        }
    }

    private synchronized boolean isWanted() {
        while (credit == 0 && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        return !closed;
    }

    /** Takes what was typed, if this is still open; false at the end. */
    private synchronized boolean take() throws IOException {
        if (closed) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(credit, MOST));
        int next = keys.read();
        boolean end = next < 0;
        // A paste comes byte by byte: what follows within a millisecond goes along.
        while (next >= 0) {
            bytes.put((byte) next);
            boolean more = bytes.hasRemaining() && keys.peek(1) >= 0;
            next = more ? keys.read() : NonBlockingInputStream.READ_EXPIRED;
        }
        credit -= bytes.position();
        if (bytes.position() > 0) {
            typed.accept(bytes.flip());
        }
        if (end) {
            ended.run();
        }
        return !end;
    }

    /** Takes no more keys, from now on. */
    @Override
    public void close() {
        Thread reading;
        synchronized (this) {
            closed = true;
            notifyAll();
            reading = thread;
        }
        if (reading != null && reading != Thread.currentThread()) {
            try {
                reading.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
