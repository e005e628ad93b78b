package dev.tinydocker.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.Problem;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** How archives are compressed, told by their first bytes and not by their names. */
public final class Compression {

    private static final int BUFFER = 1 << 18;
    private static final int MAGIC = 6;
    /** So much decompressed is no harm, however little it was. */
    private static final long HARMLESS = 64L << 20;

    /**
     * What decompressing may take: an archive says itself how much it wants. What xz takes lies in the heap, and a full
     * heap ends the engine: a third of it is what 'xz -7' wants where the engine is as it comes. More than that is for
     * the host's xz.
     */
    private static final int XZ_KIBIBYTES = (int) Math.min(XzProgram.MOST_KIBIBYTES,
            Runtime.getRuntime().maxMemory() / 1024 / 3);
    /** The stream's header and the largest one of a block. */
    private static final int XZ_HEADERS = 12 + 1024;
    private static final int ZSTD_WINDOW_LOG = 27;

    private Compression() {
    }

    /**
     * What an archive is without its compression: gzip, zstd, xz or bzip2, each also in several parts one after the
     * other; anything else as it is. Closing it closes {@code raw}.
     *
     * @throws IOException what {@code raw} throws, or that the archive is damaged; later reads throw too
     * @throws HostLacks where a program of this host is needed and missing
     */
    public static InputStream decompressed(InputStream raw) throws IOException {
        return decompressed(raw, Long.MAX_VALUE);
    }

    /** The same, where it is no more than limits say. */
    public static InputStream decompressed(InputStream raw, Limits limits) throws IOException {
        return decompressed(raw, limits.ratio());
    }

    private static InputStream decompressed(InputStream raw, long ratio) throws IOException {
        WholeInput in = new WholeInput(raw);
        in.mark(MAGIC);
        byte[] magic = in.readNBytes(MAGIC);
        in.reset();
        try {
            return new Decompressed(decompressed(in, magic), in, ratio);
        } catch (IOException | RuntimeException e) {
            throw in.failure(e);
        }
    }

    private static InputStream decompressed(WholeInput in, byte[] magic) throws IOException {
        if (starts(magic, 0x1f, 0x8b)) {
            return new GZIPInputStream(in, BUFFER);
        } else if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd) || isSkippable(magic)) {
            return zstd(in);
        } else if (starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return xz(in);
        } else if (starts(magic, 'B', 'Z', 'h')) {
            return new BZip2CompressorInputStream(in, true);
        }
        return in;
    }

    /** Its first block says what it takes; a later one that wants more is refused. */
    private static InputStream xz(WholeInput in) throws IOException {
        in.mark(XZ_HEADERS);
        PushbackInputStream xz = new PushbackInputStream(new XZInputStream(in, XZ_KIBIBYTES));
        try {
            int first = xz.read();
            if (first >= 0) {
                xz.unread(first);
            }
            return xz;
        } catch (MemoryLimitException e) {
            in.reset();
            return XzProgram.start("xz", in, e.getMemoryNeeded());
        }
    }

    /** Its window lies outside the heap, up to 128 MiB: it goes too where somebody forgets to close the stream. */
    private static InputStream zstd(InputStream raw) throws IOException {
        ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(new FilterInputStream(raw) {
            @Override
            public void close() {
                // Whoever reads what follows in the same stream may still need it.
            }
        }).setLongMax(ZSTD_WINDOW_LOG);
        InputStream closed = new FilterInputStream(zstd) {
            @Override
            public void close() throws IOException {
                super.close();
                raw.close();
            }
        };
        Forgotten.CLEANER.register(closed, () -> {
            try {
                zstd.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return closed;
    }

    private static final class Forgotten {

        static final Cleaner CLEANER = Cleaner.create();
    }

    /** A frame of zstd that is skipped, which some put first: 0x184D2A50 to 5F, little-endian. */
    private static boolean isSkippable(byte[] magic) {
        return magic.length >= 4 && (magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d
                && magic[3] == 0x18;
    }

    private static boolean starts(byte[] bytes, int... magic) {
        byte[] expected = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) {
            expected[i] = (byte) magic[i];
        }
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, expected, 0, magic.length);
    }

    /** What was read is not what a compressor writes, or it ends early. */
    public static final class Damaged extends IOException {

        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message);
        }

        Damaged(Throwable cause) {
            super("the compression is damaged or ends early (" + cause.getMessage() + ")", cause);
        }

        static Damaged tooMuch(int kibibytes, int most) {
            return new Damaged("decompressing it takes " + (kibibytes >> 10) + " MiB of memory and " + (most >> 10)
                    + " are the most: decompress it with 'xz -dc' first");
        }
    }

    /**
     * A stream of which {@code available()} is 0 at its end and nowhere else: GZIPInputStream asks it whether another
     * part follows, and a stream from the network would say none where none has come yet. It also knows whether a
     * failure was its own.
     */
    private static final class WholeInput extends BufferedInputStream {

        private boolean failed;
        private long count;

        WholeInput(InputStream raw) {
            super(raw, BUFFER);
        }

        @Override
        public int available() throws IOException {
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : Math.max(1, super.available());
        }

        @Override
        public int read() throws IOException {
            failed = true;
            int next = super.read();
            failed = false;
            count += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            failed = true;
            int some = super.read(bytes, offset, length);
            failed = false;
            count += Math.max(some, 0);
            return some;
        }

        /** A failure of the stream as it is; of what is in it, as damage. */
        IOException failure(Exception e) {
            if (e instanceof RuntimeException own && (failed || e instanceof Problem)) {
                throw own;
            }
            if (e instanceof MemoryLimitException much) {
                return Damaged.tooMuch(much.getMemoryNeeded(), much.getMemoryLimit());
            }
            boolean said = failed || e instanceof Damaged || e instanceof InterruptedIOException;
            return said && e instanceof IOException own ? own : new Damaged(e);
        }
    }

    /**
     * A decompressor that tells damage from a stream that failed: whatever it throws itself is damage, and so is more
     * than was to be expected.
     */
    private static final class Decompressed extends FilterInputStream {

        private final WholeInput raw;
        private final long ratio;
        private long count;

        Decompressed(InputStream in, WholeInput raw, long ratio) {
            super(in);
            this.raw = raw;
            this.ratio = ratio;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        private int counted(int some) throws Damaged {
            count += Math.max(some, 0);
            if (count > HARMLESS && count / ratio > raw.count) {
                throw new Damaged("decompressed it is more than " + ratio + " times as much (tiny.archive.ratio)");
            }
            return some;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int some;
            try {
                some = in.read(bytes, offset, length);
            } catch (IOException | RuntimeException e) {
                throw raw.failure(e);
            }
            return counted(some);
        }
    }
}
