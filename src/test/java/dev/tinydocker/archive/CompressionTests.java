package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

class CompressionTests {

    private static final byte[] TEXT = "a layer, again and again. ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

    /** As xz writes 1.5 GiB. */
    static final int LARGEST = 37;

    private interface Compressor {
        OutputStream to(OutputStream out) throws IOException;
    }

    private static byte[] compressed(Compressor compressor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor.to(bytes)) {
            out.write(TEXT);
        }
        return bytes.toByteArray();
    }

    /** As from a network: nothing is ever said to be available, and bytes come a few at a time. */
    private static byte[] read(byte[] archive) throws IOException {
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(archive)) {
            @Override
            public int available() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(length, 1000));
            }
        };
        try (InputStream in = Compression.decompressed(slow)) {
            return in.readAllBytes();
        }
    }

    private static byte[] twice(byte[] bytes) {
        byte[] two = Arrays.copyOf(bytes, bytes.length * 2);
        System.arraycopy(bytes, 0, two, bytes.length, bytes.length);
        return two;
    }

    private static void assertReads(byte[] compressed) throws IOException {
        assertThat(compressed.length).isLessThan(TEXT.length);
        assertThat(read(compressed)).isEqualTo(TEXT);
        assertThat(read(twice(compressed))).isEqualTo(twice(TEXT));
    }

    @Test
    void everyKindIsToldByItsFirstBytesAlsoInSeveralParts() throws IOException {
        assertReads(compressed(GZIPOutputStream::new));
        assertReads(Zstd.compress(TEXT));
        assertReads(compressed(out -> new XZOutputStream(out, new LZMA2Options(0))));
        assertReads(compressed(BZip2CompressorOutputStream::new));
    }

    @Test
    void whatIsNotCompressedStaysAsItIs() throws IOException {
        assertThat(read(TEXT)).isEqualTo(TEXT);
        assertThat(read(new byte[] { 'B' })).containsExactly('B');
        assertThat(read(new byte[0])).isEmpty();
    }

    @Test
    void aFrameOfZstdThatIsSkippedMayComeFirst() throws IOException {
        byte[] zstd = Zstd.compress(TEXT);
        byte[] skipped = new byte[12 + zstd.length];
        System.arraycopy(new byte[] { 0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4 }, 0, skipped, 0, 12);
        System.arraycopy(zstd, 0, skipped, 12, zstd.length);

        assertThat(read(skipped)).isEqualTo(TEXT);
    }

    @Test
    void whatEndsEarlyOrIsDamagedFails() throws IOException {
        for (byte[] whole : new byte[][] { compressed(GZIPOutputStream::new), Zstd.compress(TEXT, 3),
                compressed(out -> new XZOutputStream(out, new LZMA2Options(0))),
                compressed(BZip2CompressorOutputStream::new) }) {
            assertThatExceptionOfType(Compression.Damaged.class)
                    .isThrownBy(() -> read(Arrays.copyOf(whole, whole.length / 2)));
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, whole.length / 2, whole.length, (byte) 0x55);
            assertThatExceptionOfType(Compression.Damaged.class).isThrownBy(() -> read(damaged));
        }
    }

    @Test
    void whatIsMuchMoreDecompressedIsRefusedBeyondWhatIsHarmless() throws IOException {
        Limits limits = new Limits(Long.MAX_VALUE, 1, 1, 200);
        for (Compressor compressor : List.<Compressor>of(GZIPOutputStream::new, ZstdOutputStream::new,
                out -> new XZOutputStream(out, new LZMA2Options(0)))) {
            try (InputStream in = Compression.decompressed(zeros(compressor, 64 << 20), limits)) {
                assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(64 << 20);
            }
            try (InputStream in = Compression.decompressed(zeros(compressor, 65 << 20), limits)) {
                assertThatExceptionOfType(Compression.Damaged.class)
                        .isThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                        .withMessage("decompressed it is more than 200 times as much (tiny.archive.ratio)");
            }
        }
        InputStream plain = Compression.decompressed(zeros(out -> out, 65 << 20), limits);
        assertThat(plain.transferTo(OutputStream.nullOutputStream())).isEqualTo(65 << 20);
    }

    /** An archive says itself how much memory it wants, and may lie. */
    @Test
    void whatWantsMoreMemoryThanThereIsIsRefused() throws IOException {
        byte[] xz = withDictionary(compressed(out -> new XZOutputStream(out, new LZMA2Options(0))), LARGEST);

        assertThatExceptionOfType(Compression.Damaged.class).isThrownBy(() -> read(xz))
                .withMessageMatching("decompressing it takes 1536 MiB of memory and [0-9]+ are the most: .*");
    }

    /** The same, but that its first block says of its dictionary what it likes. */
    static byte[] withDictionary(byte[] archive, int dictionary) {
        byte[] xz = archive.clone();
        // After the stream's header of 12 bytes: size, flags, filter, its properties' size, the size of its dictionary.
        int header = (xz[12] + 1) * 4;
        xz[16] = (byte) dictionary;
        CRC32 sum = new CRC32();
        sum.update(xz, 12, header - 4);
        ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(12 + header - 4, (int) sum.getValue());
        return xz;
    }

    private static InputStream zeros(Compressor compressor, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor.to(bytes)) {
            for (int i = 0; i < count; i += 1 << 20) {
                out.write(new byte[1 << 20]);
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void closingItClosesTheStreamBelow() throws IOException {
        for (byte[] whole : new byte[][] { compressed(GZIPOutputStream::new), Zstd.compress(TEXT),
                compressed(out -> new XZOutputStream(out, new LZMA2Options(0))),
                compressed(BZip2CompressorOutputStream::new), TEXT }) {
            AtomicBoolean closed = new AtomicBoolean();
            InputStream in = Compression.decompressed(new ByteArrayInputStream(whole) {
                @Override
                public void close() {
                    closed.set(true);
                }
            });
            assertThat(in.read()).isEqualTo('a');
            in.close();
            in.close();
            assertThat(closed).isTrue();
        }
    }

    @Test
    void aStreamThatBreaksIsNotCalledDamaged() throws IOException {
        for (byte[] whole : new byte[][] { compressed(GZIPOutputStream::new), Zstd.compress(TEXT),
                compressed(out -> new XZOutputStream(out, new LZMA2Options(0))),
                compressed(BZip2CompressorOutputStream::new), TEXT }) {
            IOException broken = new IOException("connection reset");
            assertThatIOException().isThrownBy(() -> readUntil(whole, whole.length / 2, broken)).isSameAs(broken);
            assertThatIOException().isThrownBy(() -> readUntil(whole, 3, broken)).isSameAs(broken);
        }
    }

    private static void readUntil(byte[] archive, int broken, IOException failure) throws IOException {
        InputStream breaks = new FilterInputStream(new ByteArrayInputStream(archive, 0, broken)) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, Math.min(length, 100));
                if (count < 0) {
                    throw failure;
                }
                return count;
            }
        };
        try (InputStream in = Compression.decompressed(breaks)) {
            in.readAllBytes();
        }
    }
}
