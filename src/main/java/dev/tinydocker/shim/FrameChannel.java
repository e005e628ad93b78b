package dev.tinydocker.shim;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frames over a stream, both ways. One thread may read while any number write; what is handed to one {@link #send} call
 * goes out together. Blocks while the other side does not take what is sent.
 */
public final class FrameChannel implements AutoCloseable {

    private static final int HEADER = 5;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(32 << 10).limit(0);
    private final ReentrantLock sending = new ReentrantLock();

    public <C extends ReadableByteChannel & WritableByteChannel> FrameChannel(C channel) {
        this.in = channel;
        this.out = channel;
    }

    /** Sends frames in one go. */
    public void send(Frame... frames) throws IOException {
        int size = 0;
        for (Frame frame : frames) {
            size += HEADER + frame.payload().remaining();
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Frame frame : frames) {
            bytes.put((byte) frame.type().code()).putInt(frame.payload().remaining()).put(frame.payload().duplicate());
        }
        bytes.flip();
        sending.lock();
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } finally {
            sending.unlock();
        }
    }

    /**
     * The next frame, or null where the other side has closed between two frames.
     *
     * @throws IOException if a frame is cut off, of unknown type, or longer than its type allows
     */
    public @Nullable Frame receive() throws IOException {
        if (!fill(HEADER)) {
            return null;
        }
        int code = Byte.toUnsignedInt(incoming.get());
        int length = incoming.getInt();
        FrameType type = FrameType.of(code);
        if (type == null) {
            throw new IOException("frame of unknown type " + code);
        }
        if (length < 0 || length > type.limit()) {
            throw new IOException("frame " + type + " of " + Integer.toUnsignedString(length) + " bytes, at most "
                    + type.limit());
        }
        return new Frame(type, payload(length));
    }

    private ByteBuffer payload(int length) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(length);
        int ready = Math.min(length, incoming.remaining());
        payload.put(0, incoming, incoming.position(), ready).position(ready);
        incoming.position(incoming.position() + ready);
        while (payload.hasRemaining()) {
            if (in.read(payload) < 0) {
                throw new EOFException("frame cut off");
            }
        }
        return payload.flip();
    }

    /** Makes at least {@code count} bytes ready; false where the stream ends before the first. */
    private boolean fill(int count) throws IOException {
        while (incoming.remaining() < count) {
            incoming.compact();
            int read = in.read(incoming);
            incoming.flip();
            if (read < 0) {
                if (incoming.hasRemaining()) {
                    throw new EOFException("frame cut off");
                }
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        try {
            in.close();
        } finally {
            out.close();
        }
    }
}
