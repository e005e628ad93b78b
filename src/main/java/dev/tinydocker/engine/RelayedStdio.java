package dev.tinydocker.engine;

import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Queue;

/**
 * A client's streams, lent to a container: frames go through as they are. What the user does before it is there is made
 * up for. A container gets no more input than it has room for, though the client may send more: one before it, as in a
 * script, has not taken all that it had credited.
 */
final class RelayedStdio implements Stdio {

    private final FrameChannel client;
    /** Input that no container had room for yet. */
    private final Queue<ByteBuffer> waiting;
    private @Nullable Input container;
    private long room;
    private int rows;
    private int columns;
    private boolean ended;
    private boolean toldEnd;
    private boolean unwanted;

    /**
     * @param waiting what has come since the container before, and what that has left
     * @param ended the client's standard input has ended already
     */
    RelayedStdio(FrameChannel client, Session.Tty tty, Queue<ByteBuffer> waiting, boolean ended) {
        this.client = client;
        this.waiting = waiting;
        this.rows = tty.rows();
        this.columns = tty.columns();
        this.ended = ended;
    }

    @Override
    public synchronized Size size() {
        return new Size(rows, columns);
    }

    @Override
    public synchronized void connected(Input input) {
        container = input;
        if (rows > 0) {
            input.resize(rows, columns);
        }
        pass();
        if (unwanted) {
            input.unwanted();
        }
    }

    /** @throws UncheckedIOException if the client is gone */
    @Override
    public void stdout(ByteBuffer bytes) {
        relay(FrameType.STDOUT, bytes);
    }

    /** @throws UncheckedIOException if the client is gone */
    @Override
    public void stderr(ByteBuffer bytes) {
        relay(FrameType.STDERR, bytes);
    }

    private void relay(FrameType type, ByteBuffer bytes) {
        try {
            client.send(new Frame(type, bytes));
            bytes.position(bytes.limit());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void credit(int bytes) {
        synchronized (this) {
            room += bytes;
            pass();
        }
        try {
            client.send(Frame.of(FrameType.CREDIT, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void stdin(ByteBuffer bytes) {
        if (container != null && waiting.isEmpty() && bytes.remaining() <= room) {
            room -= bytes.remaining();
            container.stdin(bytes);
            return;
        }
        waiting.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
        pass();
    }

    synchronized void stdinEof() {
        ended = true;
        pass();
    }

    /** Passes on what waits, as far as there is room for it, and then the end. */
    synchronized void pass() {
        Input input = container;
        if (input == null) {
            return;
        }
        for (ByteBuffer next = waiting.peek(); next != null && room > 0; next = waiting.peek()) {
            ByteBuffer part = next.slice(next.position(), (int) Math.min(room, next.remaining()));
            next.position(next.position() + part.remaining());
            room -= part.remaining();
            if (!next.hasRemaining()) {
                waiting.remove();
            }
            input.stdin(part);
        }
        if (ended && !toldEnd && waiting.isEmpty()) {
            toldEnd = true;
            input.stdinEof();
        }
    }

    synchronized void resize(int newRows, int newColumns) {
        rows = newRows;
        columns = newColumns;
        if (container != null) {
            container.resize(newRows, newColumns);
        }
    }

    /**
     * Passes a signal on; false where there is no container yet that could take it.
     *
     * @param givesUp whether the user no longer wants a container that is not there yet
     */
    synchronized boolean signal(int number, boolean givesUp) {
        if (container != null) {
            container.signal(number);
            return true;
        }
        unwanted |= givesUp;
        return false;
    }

    /** The user has gone: a container that is not there yet is killed as soon as it is, another one runs on. */
    synchronized void abandon() {
        unwanted = true;
        ended = true;
        if (container != null) {
            container.leave();
        }
    }
}
