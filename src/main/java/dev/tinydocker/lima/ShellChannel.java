package dev.tinydocker.lima;

import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A connection to the engine through the streams of a process, {@code limactl shell … tiny __frames}. Closing it ends
 * the process.
 */
final class ShellChannel implements ByteChannel {

    /** What a login shell may say before the program is reached. */
    private static final int LONGEST_GREETING = 64 << 10;
    private static final int WORD = 16;
    private static final int LAST_WORDS_MILLIS = 1000;
    private static final int HEADER = 5;

    private final Process process;
    private final InputStream in;
    private final OutputStream out;
    private final CompletableFuture<String> err;

    private ShellChannel(Process process) {
        this.process = process;
        this.in = process.getInputStream();
        this.out = process.getOutputStream();
        this.err = CompletableFuture.supplyAsync(this::errors, task -> Thread.ofVirtual().start(task));
    }

    /**
     * A connection whose other end is an engine.
     *
     * @param patience an engine that is not there yet is started meanwhile
     * @throws SystemFailure where none answers
     */
    static FrameChannel connect(Process process, Duration patience) {
        ShellChannel channel = new ShellChannel(process);
        byte[] word = new byte[WORD];
        new SecureRandom().nextBytes(word);
        String failure;
        try {
            FrameChannel frames = new FrameChannel(channel);
            frames.send(Frame.of(FrameType.PING, word));
            Wait.await(CompletableFuture.runAsync(() -> channel.skipTo(word), task -> Thread.ofVirtual().start(task)),
                    patience);
            return frames;
        } catch (Interrupted e) {
            channel.close();
            throw e;
        } catch (TimeoutException e) {
            failure = "the engine does not answer in " + patience.toSeconds() + " seconds";
        } catch (IOException | CompletionException e) {
            failure = "";
            // Closing takes away what it has said and nobody has read yet.
            channel.err.copy().completeOnTimeout("", LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS).join();
        }
        channel.close();
        String said = channel.err.join();
        throw new SystemFailure("reach the engine in the virtual machine",
                failure.isEmpty() ? said.isEmpty() ? "limactl shell ended" : said : failure, "see 'tiny doctor'");
    }

    /** Reads as far as the end of a PING with that word. */
    private void skipTo(byte[] word) {
        byte[] wanted = ByteBuffer.allocate(HEADER + WORD).put((byte) FrameType.PING.code()).putInt(WORD).put(word)
                .array();
        byte[] last = new byte[wanted.length];
        try {
            for (int count = 0; count < LONGEST_GREETING; count++) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                System.arraycopy(last, 1, last, 0, last.length - 1);
                last[last.length - 1] = (byte) next;
                if (Arrays.equals(last, wanted)) {
                    return;
                }
            }
            throw new IOException("no engine");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last line that it says; the others are lost, or it would be stopped by a pipe that is full. */
    private String errors() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        String last = "";
        try (InputStream stream = process.getErrorStream()) {
            for (int next = stream.read(); next >= 0; next = stream.read()) {
                if (next == '\n') {
                    last = line.toString(StandardCharsets.UTF_8);
                    line.reset();
                } else if (line.size() < LONGEST_GREETING) {
                    line.write(next);
                }
            }
        } catch (IOException e) {
            return last;
        }
        return line.size() > 0 ? line.toString(StandardCharsets.UTF_8) : last;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        byte[] bytes = new byte[target.remaining()];
        int count = in.read(bytes);
        if (count > 0) {
            target.put(bytes, 0, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        out.write(bytes);
        out.flush();
        return bytes.length;
    }

    @Override
    public boolean isOpen() {
        return process.isAlive();
    }

    @Override
    public void close() {
        HostProgram.end(process);
    }
}
