package dev.tinydocker.engine;

import dev.tinydocker.linux.SyscallException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Sends what is typed to a container, never more than it asked for. What is typed after {@link #close} stays for the
 * next prompt: a key is taken from the terminal only while this is open.
 */
final class ReplKeyboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplKeyboard.class);
    /** How soon the thread notices that it is closed; nobody waits for that. */
    private static final int LOOK_MILLIS = 100;
    private static final int MOST = 4096;

    private final ReplKeys keys;
    private final Consumer<ByteBuffer> typed;
    private final Runnable ended;
    private int credit;
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * @param typed takes bytes
     * @param ended hears of Ctrl-D at the beginning of a line; nothing is read after it
     */
    ReplKeyboard(ReplKeys keys, Consumer<ByteBuffer> typed, Runnable ended) {
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
                if (keys.await(LOOK_MILLIS) && !take()) {
                    return;
                }
            }
        } catch (SyscallException e) {
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
    private synchronized boolean take() {
        if (closed) {
            return false;
        }
        byte[] bytes = new byte[Math.min(credit, MOST)];
        int count = keys.read(bytes, bytes.length);
        credit -= count;
        if (count == 0) {
            ended.run();
        } else {
            typed.accept(ByteBuffer.wrap(bytes, 0, count));
        }
        return count > 0;
    }

    /** Takes no more keys, from now on. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
