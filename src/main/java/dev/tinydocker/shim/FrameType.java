package dev.tinydocker.shim;

import org.jspecify.annotations.Nullable;

/** The types of frames, as {@code docs/wire.md} numbers them. */
public enum FrameType {
    REQUEST(1), STDIN(2), STDIN_EOF(3), STDOUT(4), STDERR(5), RESIZE(6), SIGNAL(7), EXIT(8), CREDIT(9), RAW(10),
    PING(11), PLAN(16), GO(17), STARTED(18), RUNNING(19), FAILED(20), ATTACH(21), EXITED(22), TIMES(23), HOST(24);

    private static final @Nullable FrameType[] BY_CODE = new FrameType[32];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The most bytes a payload of this type may have. */
    public int limit() {
        return this == REQUEST || this == PLAN ? 4 << 20 : 64 << 10;
    }

    static @Nullable FrameType of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
