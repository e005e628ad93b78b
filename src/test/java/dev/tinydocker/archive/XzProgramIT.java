package dev.tinydocker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tinydocker.problem.HostLacks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** The host's xz as a decompressor: Debian's xz-utils. */
@Timeout(30)
class XzProgramIT {

    /** More than fits all that lies between the two ends. */
    private static final int BYTES = 3 << 20;

    private final byte[] content = new byte[BYTES];
    private byte[] compressed = new byte[0];

    @BeforeEach
    void compress() throws IOException {
        new Random(1).nextBytes(content);
        Arrays.fill(content, BYTES / 2, BYTES, (byte) 'x');
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new XZOutputStream(bytes, new LZMA2Options(0))) {
            out.write(content);
        }
        compressed = bytes.toByteArray();
    }

    private static InputStream start(InputStream raw) throws IOException {
        return XzProgram.start("xz", raw, 65 << 10);
    }

    private static byte[] read(byte[] archive) throws IOException {
        try (InputStream in = start(new ByteArrayInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    private static byte[] joined(byte[] one, byte[] two) {
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }

    @Test
    void allIsReadAlsoOfSeveralParts() throws IOException {
        assertThat(read(compressed)).isEqualTo(content);
        assertThat(read(joined(compressed, compressed))).isEqualTo(joined(content, content));
        try (InputStream in = start(new ByteArrayInputStream(compressed))) {
            assertThat(in.read()).isEqualTo(content[0] & 0xff);
            assertThat(in.skip(BYTES - 2)).isEqualTo(BYTES - 2);
            assertThat(in.read()).isEqualTo('x');
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void whatEndsEarlyOrIsDamagedSaysWhyAtEveryRead() throws IOException {
        try (InputStream in = start(new ByteArrayInputStream(compressed, 0, compressed.length / 2))) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(Compression.Damaged.class).isThrownBy(in::readAllBytes)
                        .withMessage("the compression is damaged or ends early (xz: Unexpected end of input)");
            }
        }
        byte[] damaged = compressed.clone();
        Arrays.fill(damaged, damaged.length / 2, damaged.length, (byte) 0x55);
        assertThatExceptionOfType(Compression.Damaged.class).isThrownBy(() -> read(damaged))
                .withMessageMatching(".*\\(xz: .+\\)");
    }

    /** The first says what is checked here; the others may lie. */
    @Test
    void whatWantsTooMuchIsRefusedWhereverItSaysSo() {
        assertThatExceptionOfType(Compression.Damaged.class)
                .isThrownBy(() -> XzProgram.start("xz", InputStream.nullInputStream(), 1536 << 10))
                .withMessage("decompressing it takes 1536 MiB of memory and 100 are the most: decompress it with "
                        + "'xz -dc' first");
        byte[] greedy = joined(compressed, CompressionTests.withDictionary(compressed, CompressionTests.LARGEST));
        assertThatExceptionOfType(Compression.Damaged.class).isThrownBy(() -> read(greedy))
                .withMessageContaining("xz: Memory usage limit reached");
    }

    @Test
    void aHostWithoutXzSaysWhatToInstall() {
        assertThatExceptionOfType(HostLacks.class)
                .isThrownBy(() -> XzProgram.start("/no/such/xz", InputStream.nullInputStream(), 65 << 10))
                .withMessageStartingWith("cannot decompress an archive that takes 65 MiB of memory: ")
                .withMessageContaining("No such file or directory")
                .satisfies(e -> assertThat(e.hint()).startsWith("install xz-utils, "));
    }

    @Test
    void closedInTheMiddleItLeavesNeitherProgramNorPipe() throws IOException {
        read(compressed);
        long before = pipes();
        AtomicBoolean closed = new AtomicBoolean();
        // Its end is never reached: whoever waited for it would wait for good.
        InputStream endless = new SequenceInputStream(new ByteArrayInputStream(compressed), new FilterInputStream(
                new ByteArrayInputStream(compressed)) {
            @Override
            public int read(byte[] bytes, int offset, int length) {
                throw new AssertionError("read ahead");
            }

            @Override
            public void close() {
                closed.set(true);
            }
        });
        InputStream in = start(endless);
        assertThat(in.read()).isEqualTo(content[0] & 0xff);
        in.close();
        in.close();
        assertThat(closed).isTrue();
        assertThat(ProcessHandle.current().children().map(child -> child.info().command().orElse("")))
                .noneMatch(command -> command.endsWith("/xz"));
        // The two threads close theirs as soon as they hear of it.
        while (pipes() > before) {
            Thread.onSpinWait();
        }
    }

    private static long pipes() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(XzProgramIT::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStreamThatBreaksIsToldAsItIsAndHangsNobody() throws IOException {
        IOException broken = new IOException("connection reset");
        try (InputStream in = start(new FilterInputStream(new ByteArrayInputStream(compressed)) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (in.available() < BYTES / 4) {
                    throw broken;
                }
                return super.read(bytes, offset, length);
            }
        })) {
            assertThatIOException().isThrownBy(in::readAllBytes).isSameAs(broken);
            assertThatIOException().isThrownBy(in::readAllBytes);
        }
    }

    @Test
    void whoeverIsInterruptedWaitsNoLonger() throws IOException {
        try (InputStream in = start(new ByteArrayInputStream(compressed))) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(in::readAllBytes);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
