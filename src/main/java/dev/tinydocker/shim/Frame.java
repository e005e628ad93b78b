package dev.tinydocker.shim;

import java.nio.ByteBuffer;

/** One message between client, engine and shim: a type and its payload, positioned at its first byte. */
public record Frame(FrameType type, ByteBuffer payload) {

    /** A frame without a payload. */
    public static Frame of(FrameType type) {
        return new Frame(type, ByteBuffer.allocate(0));
    }

    public static Frame of(FrameType type, byte[] payload) {
        return new Frame(type, ByteBuffer.wrap(payload));
    }

    /** A frame that carries one u32. */
    public static Frame of(FrameType type, int value) {
        return new Frame(type, ByteBuffer.allocate(4).putInt(0, value));
    }

    /** A RESIZE frame. */
    public static Frame resize(int rows, int columns) {
        return new Frame(FrameType.RESIZE, ByteBuffer.allocate(4).putShort(0, (short) rows)
                .putShort(2, (short) columns));
    }
}
