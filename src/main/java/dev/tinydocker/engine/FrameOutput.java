package dev.tinydocker.engine;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Standard output or standard error of a client, buffered, as frames. The two of a client are a pair: before one takes
 * bytes, what the other has is sent, so that the user sees them in the order they were written.
 */
final class FrameOutput extends OutputStream {

    private static final int ROOM = 32 << 10;

    private final FrameChannel channel;
    private final FrameType type;
    private final ReentrantLock lock;
    private @Nullable FrameOutput other;
    private ByteBuffer buffer = ByteBuffer.allocate(256);

    private FrameOutput(FrameChannel channel, FrameType type, ReentrantLock lock) {
        this.channel = channel;
        this.type = type;
        this.lock = lock;
    }

    /** Both streams of a client. */
    record Pair(FrameOutput out, FrameOutput err) {
    }

    static Pair pair(FrameChannel channel) {
        ReentrantLock lock = new ReentrantLock();
        FrameOutput out = new FrameOutput(channel, FrameType.STDOUT, lock);
        FrameOutput err = new FrameOutput(channel, FrameType.STDERR, lock);
        out.other = err;
        err.other = out;
        return new Pair(out, err);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] { (byte) value }, 0, 1);
    }

    /** @throws IOException if the client is gone */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            if (other != null) {
                other.send();
            }
            int at = offset;
            int left = length;
            while (left > 0) {
                makeRoom(left);
                int count = Math.min(left, buffer.remaining());
                buffer.put(bytes, at, count);
                at += count;
                left -= count;
                if (buffer.position() == ROOM) {
                    send();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Most commands write a line or two; the buffer is as large as they need. */
    private void makeRoom(int wanted) {
        if (buffer.remaining() < wanted && buffer.capacity() < ROOM) {
            int capacity = Math.clamp((long) buffer.position() + wanted, 2 * buffer.capacity(), ROOM);
            buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
        }
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            send();
        } finally {
            lock.unlock();
        }
    }

    private void send() throws IOException {
        if (buffer.position() > 0) {
            try {
                channel.send(new Frame(type, buffer.flip()));
            } finally {
                buffer.clear();
            }
        }
    }
}
