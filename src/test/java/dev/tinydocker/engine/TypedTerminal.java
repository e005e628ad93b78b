package dev.tinydocker.engine;

import org.jline.terminal.Size;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.impl.ExternalTerminal;
import org.jline.utils.NonBlocking;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** A terminal that a test types at. Its line discipline is JLine's, in Java. */
final class TypedTerminal implements AutoCloseable {

    final ReplTerminal terminal;
    final ByteArrayOutputStream error = new ByteArrayOutputStream();

    private final PipedOutputStream keys = new PipedOutputStream();
    private final Screen screen = new Screen();

    TypedTerminal() throws IOException {
        ExternalTerminal external = new ExternalTerminal(null, "test", "xterm", new PipedInputStream(keys, 1 << 16), screen,
                StandardCharsets.UTF_8, SignalHandler.SIG_IGN);
        external.setSize(new Size(80, 24));
        // The input of this kind of terminal cannot peek: it takes what it should only look at.
        InputStream input = new InputStream() {
            @Override
            public int read() throws IOException {
                return external.input().read();
            }
        };
        terminal = new ReplTerminal(external, NonBlocking.nonBlocking("test", input), error);
    }

    void type(String text) {
        try {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the screen shows it. */
    String awaitShown(Predicate<String> what) {
        try {
            return screen.await(what);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        keys.close();
        terminal.close();
    }

    private static final class Screen extends ByteArrayOutputStream {

        @Override
        public synchronized void write(int value) {
            super.write(value);
            notifyAll();
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            notifyAll();
        }

        synchronized String await(Predicate<String> what) throws InterruptedException {
            while (!what.test(toString(StandardCharsets.UTF_8))) {
                wait();
            }
            return toString(StandardCharsets.UTF_8);
        }
    }
}
