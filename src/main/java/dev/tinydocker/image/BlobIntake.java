package dev.tinydocker.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** Reads a stream through: what is read is copied and digested, so that one pass downloads, verifies and unpacks. */
final class BlobIntake extends FilterInputStream {

    private static final int BUFFER = 1 << 16;

    private final OutputStream copy;
    private final LongConsumer progress;
    private final MessageDigest digest = Digest.sha256();
    private long count;
    private String found = "";

    /** @param progress told how many bytes have come, at each read */
    BlobIntake(InputStream in, OutputStream copy, LongConsumer progress) {
        super(in);
        this.copy = copy;
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        if (read > 0) {
            digest.update(bytes, offset, read);
            copy.write(bytes, offset, read);
            count += read;
            progress.accept(count);
        }
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        return readNBytes((int) Math.min(wanted, BUFFER)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads what is left; then all has been copied and digested. */
    void finish() throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (read(buffer, 0, buffer.length) >= 0) {
            // Each read does it all.
        }
    }

    long count() {
        return count;
    }

    /** Of all that was read until this was asked first. */
    String digest() {
        if (found.isEmpty()) {
            found = Digest.of(digest);
        }
        return found;
    }
}
