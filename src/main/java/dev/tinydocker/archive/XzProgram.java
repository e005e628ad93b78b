package dev.tinydocker.archive;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.problem.HostLacks;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;

/**
 * What xz(1) of this host makes of a stream that takes more memory than the engine has for it. The program is our child
 * and has nothing but its streams; it ends with what it reads, or is killed when this is closed, and the JDK reaps it.
 *
 * <pre>
 * stream ──▶ whoever reads ──▶ feeder ──▶ xz ──▶ drainer ──▶ whoever reads
 * </pre>
 *
 * Two threads stand between, so that neither pipe keeps the other waiting; neither of them touches the stream, which
 * can thus be read on, or closed, as soon as this is closed.
 */
final class XzProgram extends InputStream {

    /** Levels up to 9 take 65 MiB. */
    static final int MOST_KIBIBYTES = 100 << 10;

    private static final int CHUNK = 1 << 16;
    private static final int MOST_WORDS = 1 << 12;
    /** From the feeder: it has handed on what it was given. */
    private static final byte[] HUNGRY = new byte[0];
    /** From the drainer: there is no more. */
    private static final byte[] END = new byte[0];

    private final InputStream raw;
    private final Process process;
    private final BlockingQueue<byte[]> given = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<byte[]> events = new ArrayBlockingQueue<>(2);
    private final Thread feeder;
    private final Thread drainer;
    private byte[] chunk = HUNGRY;
    private int at;
    private boolean ended;
    private @Nullable String said;

    private XzProgram(InputStream raw, Process process) {
        this.raw = raw;
        this.process = process;
        feeder = Thread.ofVirtual().name("input of xz").start(this::feed);
        drainer = Thread.ofVirtual().name("output of xz").start(this::drain);
    }

    /**
     * Starts it. Closing what it returns closes the stream.
     *
     * @param program its name, or its path
     * @param kibibytes of memory, as the stream says
     * @throws Compression.Damaged where that is too much for anybody
     * @throws HostLacks where it cannot be started
     */
    static InputStream start(String program, InputStream raw, int kibibytes) throws Compression.Damaged {
        if (kibibytes > MOST_KIBIBYTES) {
            throw Compression.Damaged.tooMuch(kibibytes, MOST_KIBIBYTES);
        }
        // Its blocks say themselves what they take; several threads would take it several times.
        ProcessBuilder builder = new ProcessBuilder(program, "--decompress", "--stdout", "--format=xz", "--threads=1",
                "--memlimit-decompress=" + MOST_KIBIBYTES + "KiB");
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        try {
            return new XzProgram(raw, Processes.start(builder));
        } catch (IOException e) {
            throw new HostLacks("decompress an archive that takes " + (kibibytes >> 10) + " MiB of memory",
                    "this is left to the host's 'xz', which does not start: " + e.getMessage(), "install xz-utils, or "
                    + "decompress it elsewhere with 'xz -dc'", e);
        }
    }

    /** Ends quietly where xz has ended, which says why itself. */
    private void feed() {
        try (OutputStream in = process.getOutputStream()) {
            events.put(HUNGRY);
            for (byte[] next = given.take(); next.length > 0; next = given.take()) {
                in.write(next);
                events.put(HUNGRY);
            }
        } catch (IOException | InterruptedException e) {
            return;
        }
    }

    private void drain() {
        byte[] buffer = new byte[CHUNK];
        try {
            try (InputStream out = process.getInputStream()) {
                for (int count = out.read(buffer); count > 0; count = out.read(buffer)) {
                    events.put(Arrays.copyOf(buffer, count));
                }
            } finally {
                events.put(END);
            }
        } catch (IOException | InterruptedException e) {
            return;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try {
            while (at == chunk.length && !ended) {
                take(events.take());
            }
            if (at == chunk.length) {
                check();
                return -1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("nobody wants it any more");
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, bytes, offset, count);
        at += count;
        return count;
    }

    private void take(byte[] event) throws IOException {
        if (event == END) {
            ended = true;
        } else if (event == HUNGRY) {
            feedNext();
        } else {
            chunk = event;
            at = 0;
        }
    }

    private void feedNext() throws IOException {
        boolean fed = false;
        try {
            given.add(raw.readNBytes(CHUNK));
            fed = true;
        } finally {
            if (!fed) {
                // Or the next read would wait for what never comes.
                kill();
            }
        }
    }

    private void check() throws InterruptedException, IOException {
        int status = process.waitFor();
        if (status == 0) {
            return;
        }
        if (said == null) {
            String words = new String(process.getErrorStream().readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
            said = words.isBlank() ? "it ended with " + status : words.strip().lines()
                    .map(line -> line.replaceFirst("^xz: (\\(stdin\\): )?", "")).collect(Collectors.joining("; "));
        }
        throw new Compression.Damaged(new IOException("xz: " + said));
    }

    /** Process.destroyForcibly would close streams that the threads are about to use: others' descriptors by then. */
    private void kill() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        kill();
        feeder.interrupt();
        drainer.interrupt();
        process.onExit().join();
        process.getErrorStream().close();
        raw.close();
    }
}
