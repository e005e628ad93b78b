package dev.tinydocker.engine;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;

import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The session of one command that is typed at this JVM's own terminal. */
final class TerminalSession implements Session {

    private static final int LOOK_MILLIS = 100;

    private final ReplTerminal terminal;
    private final RawLines outLines;
    private final RawLines errLines;
    private final PrintStream out;
    private final PrintStream err;
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private volatile @Nullable TerminalStdio container;
    private volatile boolean over;
    private volatile int interrupts;

    TerminalSession(ReplTerminal terminal) {
        this.terminal = terminal;
        this.outLines = new RawLines(new BufferedOutputStream(new Screen(terminal::out)));
        this.errLines = new RawLines(new BufferedOutputStream(new Screen(terminal::err)));
        this.out = new PrintStream(outLines, false, StandardCharsets.UTF_8);
        this.err = new PrintStream(errLines, true, StandardCharsets.UTF_8);
    }

    @Override
    public Path directory() {
        return Path.of(System.getProperty("user.dir"));
    }

    @Override
    public Map<String, String> environment() {
        return System.getenv();
    }

    @Override
    public Tty tty() {
        return new Tty(true, true, true, terminal.rows(), terminal.columns());
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
        return new Typed();
    }

    @Override
    public synchronized Stdio stdio(boolean raw) {
        TerminalStdio stdio = new TerminalStdio(terminal);
        out.flush();
        container = stdio;
        if (over) {
            stdio.abandon();
            return stdio;
        }
        terminal.onResize(stdio::resize);
        if (raw) {
            outLines.raw(true);
            errLines.raw(true);
            terminal.raw();
        }
        return stdio;
    }

    @Override
    public synchronized void restore() {
        TerminalStdio stdio = container;
        container = null;
        if (stdio != null) {
            stdio.close();
        }
        if (!over) {
            terminal.onResize(() -> { });
            out.flush();
            outLines.raw(false);
            errLines.raw(false);
            terminal.cooked();
        }
    }

    @Override
    public Interest onInterrupt(Runnable action) {
        actions.add(action);
        return () -> actions.remove(action);
    }

    /**
     * Does what the user wants with Ctrl-C; false where the command cannot be interrupted, or will not end although it
     * was told so twice: it is to be left alone.
     */
    boolean interrupt() {
        TerminalStdio stdio = container;
        if (stdio != null && ++interrupts < ReplTerminal.PATIENCE && stdio.signal(Signal.SIGINT)) {
            return true;
        }
        List<Runnable> interested = List.copyOf(actions);
        interested.forEach(Runnable::run);
        return !interested.isEmpty();
    }

    /** Ends the session: what its command still does is no longer seen here. */
    synchronized void end() {
        out.flush();
        err.flush();
        over = true;
        TerminalStdio stdio = container;
        if (stdio != null) {
            stdio.abandon();
            stdio.close();
        }
        terminal.onResize(() -> { });
        terminal.cooked();
    }

    /** Shows bytes until the session is over. */
    private final class Screen extends OutputStream {

        private final Consumer<ByteBuffer> screen;

        Screen(Consumer<ByteBuffer> screen) {
            this.screen = screen;
        }

        @Override
        public void write(int value) {
            write(new byte[] { (byte) value }, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (!over) {
                screen.accept(ByteBuffer.wrap(bytes, offset, length));
            }
        }
    }

    /** What is typed, line by line as the terminal gives it, until Ctrl-D or the end of the session. */
    private final class Typed extends InputStream {

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            ReplKeys keys = terminal.keys();
            while (!over && !keys.await(LOOK_MILLIS)) {
                // Until the session is over, or somebody types.
            }
            byte[] line = new byte[length];
            int count = over ? 0 : keys.read(line, length);
            System.arraycopy(line, 0, bytes, offset, count);
            return count == 0 ? -1 : count;
        }
    }
}
