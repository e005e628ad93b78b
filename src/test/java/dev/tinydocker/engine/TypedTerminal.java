package dev.tinydocker.engine;

import org.jline.terminal.Size;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.impl.ExternalTerminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A terminal that a test types at. Its line discipline is JLine's, in Java. */
final class TypedTerminal implements AutoCloseable {

    final ReplTerminal terminal;
    final ByteArrayOutputStream error = new ByteArrayOutputStream();

    private final PipedOutputStream keys = new PipedOutputStream();
    private final Screen screen = new Screen();

    TypedTerminal() throws IOException {
        this(new Size(80, 24));
    }

    TypedTerminal(Size size) throws IOException {
        ExternalTerminal external = new ExternalTerminal(null, "test", "xterm", new PipedInputStream(keys, 1 << 16),
                screen,
                StandardCharsets.UTF_8, SignalHandler.SIG_IGN);
        external.setSize(size);
        terminal = new ReplTerminal(external, new Keys(external.input()), error);
    }

    void type(String text) {
        try {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next key that nobody has taken. */
    char next() {
        byte[] key = new byte[1];
        terminal.keys().read(key, 1);
        return (char) key[0];
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

    /**
     * What the line discipline lets through. The input of this kind of terminal cannot be looked at without taking it.
     */
    private static final class Keys implements ReplKeys {

        private final LinkedBlockingDeque<Integer> typed = new LinkedBlockingDeque<>();
        private final InputStream input;
        private boolean started;

        Keys(InputStream input) {
            this.input = input;
        }

        /** The first look begins to take from the line discipline, which a line reader may have read before. */
        private synchronized void start() {
            if (!started) {
                started = true;
                Thread.ofPlatform().daemon().start(this::take);
            }
        }

        private void take() {
            try {
                for (int key = input.read(); key >= 0; key = input.read()) {
                    typed.add(key);
                }
            } catch (IOException e) {
                typed.clear();
            }
        }

        @Override
        public boolean await(int millis) {
            start();
            try {
                Integer key = typed.poll(millis, TimeUnit.MILLISECONDS);
                if (key != null) {
                    typed.addFirst(key);
                }
                return key != null;
            } catch (InterruptedException e) {
                return false;
            }
        }

        @Override
        public int read(byte[] bytes, int length) {
            start();
            int count = 0;
            while (count < length && (count == 0 || !typed.isEmpty())) {
                try {
                    bytes[count++] = typed.take().byteValue();
                } catch (InterruptedException e) {
                    return 0;
                }
            }
            return count;
        }
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
