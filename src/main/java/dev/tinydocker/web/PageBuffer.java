package dev.tinydocker.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A page while it is written, in memory that can be written to again for the next one. */
final class PageBuffer extends ByteArrayOutputStream {

    /** What goes to a socket at a time: the JDK keeps a buffer of that size outside the heap for each thread. */
    private static final int SLICE = 32 * 1024;

    PageBuffer() {
        super(SLICE);
    }

    /** One that is written already. */
    PageBuffer(byte[] page) {
        super(0);
        buf = page;
        count = page.length;
    }

    @Override
    public synchronized void writeTo(OutputStream out) throws IOException {
        for (int start = 0; start < count; start += SLICE) {
            out.write(buf, start, Math.min(SLICE, count - start));
        }
    }
}
