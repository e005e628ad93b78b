package dev.tinydocker.engine;

import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Stdio;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A session without a user: what a command prints is kept. For commands that only print. */
final class CapturingSession implements Session {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);

    /** What was printed on standard output. */
    String printed() {
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public Path directory() {
        return Path.of(System.getProperty("user.dir"));
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Tty tty() {
        return new Tty(false, false, false, 0, 0);
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream err() {
        return err;
    }

    @Override
    public InputStream in() {
        return InputStream.nullInputStream();
    }

    @Override
    public Stdio stdio(boolean raw) {
        throw new UnsupportedOperationException("nobody is there to be attached");
    }

    @Override
    public void restore() {
        // Nothing was lent.
    }

    @Override
    public Interest onInterrupt(Runnable action) {
        return () -> { };
    }
}
