package dev.tinydocker.support;

import dev.tinydocker.shim.Stdio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A user who types what is given once the container can take it, then ends its input, and remembers what was written.
 */
public final class RecordingStdio implements Stdio {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Input> input = new CompletableFuture<>();
    private final String typed;
    private final Size size;
    private boolean done;

    public RecordingStdio() {
        this("");
    }

    public RecordingStdio(String typed) {
        this(typed, Size.NONE);
    }

    private RecordingStdio(String typed, Size size) {
        this.typed = typed;
        this.size = size;
    }

    /** A user at a terminal, whose size is never told but where it is asked for. */
    public static RecordingStdio at(Size size) {
        return new RecordingStdio("", size);
    }

    @Override
    public Size size() {
        return size;
    }

    /** The way to send more; there once the container runs. */
    public Input input() {
        return input.join();
    }

    public synchronized String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public synchronized String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void connected(Input way) {
        input.complete(way);
    }

    @Override
    public synchronized void stdout(ByteBuffer bytes) {
        keep(out, bytes);
    }

    @Override
    public synchronized void stderr(ByteBuffer bytes) {
        keep(err, bytes);
    }

    @Override
    public void credit(int bytes) {
        if (!done && !typed.isEmpty()) {
            done = true;
            input().stdin(ByteBuffer.wrap(typed.getBytes(StandardCharsets.UTF_8)));
            input().stdinEof();
        }
    }

    private static void keep(ByteArrayOutputStream kept, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        kept.writeBytes(copy);
    }
}
