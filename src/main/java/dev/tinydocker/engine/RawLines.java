package dev.tinydocker.engine;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Ends our own lines as a terminal takes them: one in raw mode goes down at a newline, but not back to where a line
 * begins, termios(3), OPOST.
 */
final class RawLines extends FilterOutputStream {

    private static final byte[] END = { '\r', '\n' };

    private volatile boolean raw;

    RawLines(OutputStream terminal) {
        super(terminal);
    }

    /** From now on it is in raw mode, or no longer. */
    void raw(boolean now) {
        raw = now;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] { (byte) value }, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int begin = offset;
        int end = offset + length;
        for (int i = offset; raw && i < end; i++) {
            if (bytes[i] == '\n') {
                out.write(bytes, begin, i - begin);
                out.write(END, 0, END.length);
                begin = i + 1;
            }
        }
        out.write(bytes, begin, end - begin);
    }
}
