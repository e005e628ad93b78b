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

/**
 * A client's streams, lent to a container: frames go through as they are. What the user does before it is there is made
 * up for.
 */
final class RelayedStdio implements Stdio {

    private final FrameChannel client;
    private @Nullable Input container;
    private int rows;
    private int columns;
    private boolean ended;
    private boolean unwanted;

    /** @param ended the client's standard input has ended already */
    RelayedStdio(FrameChannel client, Session.Tty tty, boolean ended) {
        this.client = client;
        this.rows = tty.rows();
        this.columns = tty.columns();
        this.ended = ended;
    }

    @Override
    public synchronized void connected(Input input) {
        container = input;
        if (rows > 0) {
            input.resize(rows, columns);
        }
        if (ended) {
            input.stdinEof();
        }
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
        try {
            client.send(Frame.of(FrameType.CREDIT, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void stdin(ByteBuffer bytes) {
        if (container != null) {
            container.stdin(bytes);
        }
    }

    synchronized void stdinEof() {
        ended = true;
        if (container != null) {
            container.stdinEof();
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
