package dev.tinydocker.engine;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The session of one client. One thread runs its command, another hears what the client sends: input, signals, and that
 * it has gone away, which does to a command what SIGHUP would; a container runs on.
 */
final class FrameSession implements Session {

    private static final Logger LOG = LoggerFactory.getLogger(FrameSession.class);
    private static final int SIGHUP = 1;
    private static final int SIGQUIT = 3;
    private static final byte[] COOKED = { 0 };
    private static final byte[] RAW = { 1 };

    private final FrameChannel channel;
    private final Request request;
    private final RawLines outLines;
    private final RawLines errLines;
    private final PrintStream out;
    private final PrintStream err;
    private final FrameInput in;
    /** What was credited by a container that has gone: the next one's. */
    private final Queue<ByteBuffer> waiting = new ConcurrentLinkedQueue<>();
    private final long heard = System.nanoTime();
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable RelayedStdio container;
    private volatile Tty tty;
    /** How often a container was asked to end. */
    private int askedToEnd;

    FrameSession(FrameChannel channel, Request request) {
        FrameOutput.Pair outputs = FrameOutput.pair(channel);
        this.channel = channel;
        this.request = request;
        this.tty = request.terminal();
        this.outLines = new RawLines(outputs.out());
        this.errLines = new RawLines(outputs.err());
        this.out = new PrintStream(outLines, false, StandardCharsets.UTF_8);
        this.err = new PrintStream(errLines, true, StandardCharsets.UTF_8);
        this.in = new FrameInput(channel);
    }

    @Override
    public Path directory() {
        return Path.of(request.cwd());
    }

    @Override
    public Map<String, String> environment() {
        return request.env();
    }

    @Override
    public Tty tty() {
        return tty;
    }

    @Override
    public Optional<Asked> asked() {
        return request.asked(heard);
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
        return in;
    }

    @Override
    public Stdio stdio(boolean raw) {
        RelayedStdio stdio = new RelayedStdio(channel, tty, waiting, in.hasEnded());
        out.flush();
        raw(raw);
        container = stdio;
        return stdio;
    }

    private void raw(boolean raw) {
        outLines.raw(raw && tty.out());
        errLines.raw(raw && tty.err());
        tell(Frame.of(FrameType.RAW, raw ? RAW : COOKED));
    }

    @Override
    public void restore() {
        container = null;
        out.flush();
        raw(false);
    }

    @Override
    public Interest onInterrupt(Runnable action) {
        actions.add(action);
        return () -> actions.remove(action);
    }

    /**
     * Ends the session with the status of its command: the last thing the client is told. A second call does nothing.
     */
    void end(int status) {
        out.flush();
        err.flush();
        finish(status);
    }

    /** Ends the session because the engine ends, whatever its command is doing. */
    void end(String line) {
        tell(new Frame(FrameType.STDERR, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8))));
        finish(ExitStatuses.RUNTIME_FAILED);
    }

    private void finish(int status) {
        if (over.compareAndSet(false, true)) {
            tell(Frame.of(FrameType.EXIT, status));
            close();
        }
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the connection of a client", e);
        }
    }

    private void tell(Frame frame) {
        try {
            channel.send(frame);
        } catch (IOException e) {
            LOG.debug("a client does not take {}", frame.type(), e);
        }
    }

    /** Hears the client until it goes away. */
    void listen() {
        try {
            for (Frame frame = channel.receive(); frame != null; frame = channel.receive()) {
                take(frame);
            }
        } catch (IOException | BufferUnderflowException e) {
            LOG.debug("the connection of a client broke", e);
        } finally {
            hangUp();
        }
    }

    private void take(Frame frame) throws IOException {
        ByteBuffer payload = frame.payload();
        RelayedStdio stdio = container;
        switch (frame.type()) {
            case STDIN -> {
                in.offer(payload);
                if (payload.hasRemaining()) {
                    forContainer(payload, stdio);
                }
            }
            case STDIN_EOF -> {
                in.end();
                if (stdio != null) {
                    stdio.stdinEof();
                }
            }
            case RESIZE -> {
                Tty resized = new Tty(tty.in(), tty.out(), tty.err(), payload.getChar(), payload.getChar());
                tty = resized;
                if (stdio != null) {
                    stdio.resize(resized.rows(), resized.columns());
                }
            }
            case SIGNAL -> signal(payload.getInt(), stdio);
            default -> throw new IOException("frame " + frame.type() + " from a client");
        }
    }

    private void forContainer(ByteBuffer bytes, @Nullable RelayedStdio stdio) {
        if (stdio != null) {
            stdio.stdin(bytes);
            return;
        }
        waiting.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
        RelayedStdio next = container;
        if (next != null) {
            next.pass();
        }
    }

    private void signal(int number, @Nullable RelayedStdio stdio) {
        boolean asks = number == Signal.SIGINT || number == Signal.SIGTERM;
        // As Docker's client: who asks for the third time wants to leave, whatever the container makes of it.
        if (stdio != null && asks && ++askedToEnd == ReplTerminal.PATIENCE) {
            tell(Frame.of(FrameType.STDERR, ReplTerminal.LEFT.getBytes(StandardCharsets.UTF_8)));
            finish(128 + number);
            return;
        }
        boolean ends = number == SIGHUP || number == Signal.SIGINT || number == SIGQUIT || number == Signal.SIGTERM;
        boolean delivered = stdio != null && stdio.signal(number, ends);
        if (!delivered && ends && !interrupt()) {
            // Nothing of this command can be interrupted; the user is not kept waiting for it.
            finish(128 + number);
        }
    }

    /** Runs what is registered for Ctrl-C; false where nothing is. */
    private boolean interrupt() {
        List<Runnable> interested = List.copyOf(actions);
        interested.forEach(Runnable::run);
        return !interested.isEmpty();
    }

    private void hangUp() {
        in.end();
        RelayedStdio stdio = container;
        if (stdio != null) {
            stdio.abandon();
        }
        interrupt();
        // Before its command ends, which may wait for a container that runs for years.
        close();
    }
}
