package dev.tinydocker.container;

import dev.tinydocker.shim.Stdio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The beginning of what a check writes, errors among it; the rest is read and forgotten. */
final class CheckOutput implements Stdio {

    private static final int MOST_BYTES = 4096;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean more;

    /** What has come so far; dots stand for what was forgotten. */
    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8) + (more ? "..." : "");
    }

    @Override
    public void connected(Input input) {
        input.stdinEof();
    }

    @Override
    public synchronized void stdout(ByteBuffer bytes) {
        byte[] some = new byte[Math.min(bytes.remaining(), MOST_BYTES - kept.size())];
        bytes.get(some);
        kept.writeBytes(some);
        more |= bytes.hasRemaining();
        bytes.position(bytes.limit());
    }

    @Override
    public void stderr(ByteBuffer bytes) {
        stdout(bytes);
    }

    @Override
    public void credit(int bytes) {
        // There is nothing to send.
    }
}
