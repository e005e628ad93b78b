package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A user in a test: what is printed is kept, what is typed is set. */
class TestSession implements Session {

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Map<String, String> environment = new LinkedHashMap<>();
    final List<String> calls = new ArrayList<>();
    final List<Runnable> interrupts = new ArrayList<>();
    Path directory = Path.of("/home/user");
    Tty tty = new Tty(false, false, false, 0, 0);
    String typed = "";

    private final PrintStream outStream = new PrintStream(out, false, StandardCharsets.UTF_8);
    private final PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public Tty tty() {
        return tty;
    }

    @Override
    public Optional<Asked> asked() {
        return Optional.of(new Asked(System.nanoTime() - 3_000_000, System.nanoTime() - 1_000_000));
    }

    @Override
    public PrintStream out() {
        return outStream;
    }

    @Override
    public PrintStream err() {
        return errStream;
    }

    @Override
    public InputStream in() {
        return new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Stdio stdio(boolean raw) {
        calls.add(raw ? "raw" : "cooked");
        return new Stdio() {
            private Input input;

            @Override
            public void connected(Input connected) {
                input = connected;
            }

            @Override
            public void stdout(ByteBuffer bytes) {
                outStream.print(StandardCharsets.UTF_8.decode(bytes));
                outStream.flush();
            }

            @Override
            public void stderr(ByteBuffer bytes) {
                errStream.print(StandardCharsets.UTF_8.decode(bytes));
            }

            @Override
            public void credit(int bytes) {
                input.stdin(ByteBuffer.wrap(typed.getBytes(StandardCharsets.UTF_8)));
                input.stdinEof();
            }
        };
    }

    @Override
    public void restore() {
        calls.add("restored");
    }

    @Override
    public Interest onInterrupt(Runnable action) {
        interrupts.add(action);
        return () -> interrupts.remove(action);
    }
}
