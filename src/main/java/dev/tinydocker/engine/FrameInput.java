package dev.tinydocker.engine;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Standard input of a client as a stream. The client reads nothing from its user before somebody reads here. */
final class FrameInput extends InputStream {

    private static final int WINDOW = 32 << 10;

    private final FrameChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ByteBuffer ready = ByteBuffer.allocate(0);
    private int owed;
    private boolean ended;

    FrameInput(FrameChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (!ready.hasRemaining() && !ended) {
                ask();
                changed.awaitUninterruptibly();
            }
            int count = Math.min(length, ready.remaining());
            ready.get(bytes, offset, count);
            return count == 0 ? -1 : count;
        } finally {
            lock.unlock();
        }
    }

    private void ask() throws IOException {
        if (owed == 0) {
            owed = WINDOW;
            channel.send(Frame.of(FrameType.CREDIT, WINDOW));
        }
    }

    /**
     * Takes the bytes that were asked for here; what is left after it was credited by somebody else. Credits are used
     * up in the order they were given.
     */
    void offer(ByteBuffer bytes) {
        lock.lock();
        try {
            int count = Math.min(owed, bytes.remaining());
            if (count > 0) {
                ByteBuffer joined = ByteBuffer.allocate(ready.remaining() + count).put(ready)
                        .put(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
                ready = joined.flip();
                owed -= count;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No byte will follow. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the client's input has ended. */
    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
