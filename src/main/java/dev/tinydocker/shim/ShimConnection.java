package dev.tinydocker.shim;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.plan.Outcome;
import dev.tinydocker.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One connection to a shim. Events arrive on a thread of the connection's own, in the order the shim sent them; a
 * listener that blocks holds back the container's output. Sending to a shim that is gone does nothing: its end is an
 * event.
 */
public final class ShimConnection implements Stdio.Input {

    private static final Logger LOG = LoggerFactory.getLogger(ShimConnection.class);
    private static final byte ATTACH_ALL = 7;
    private static final byte ATTACH_TIMES = 8;

    private final FrameChannel channel;
    private final Listener listener;
    private final Consumer<ShimConnection> whenEnded;
    private final boolean awaited;
    private final boolean forUser;
    private volatile @Nullable Stdio stdio;
    private volatile boolean abandoned;

    /**
     * @param awaited whether the process waits for what the listener does when it has started
     * @param forUser it is there for a user only, and ends when the user leaves
     */
    ShimConnection(FrameChannel channel, Listener listener, Consumer<ShimConnection> whenEnded, boolean awaited,
            boolean forUser) {
        this.channel = channel;
        this.awaited = awaited;
        this.listener = listener;
        this.whenEnded = whenEnded;
        this.forUser = forUser;
    }

    /** What a shim tells; every method does nothing unless overridden. */
    public interface Listener {

        /**
         * The process exists, as the host numbers it, and is being set up. Where the plan has it wait for the engine,
         * it goes on when this returns, and is ended where this throws.
         *
         * @param shim its parent's number; 0 where that is not known
         * @return false where the process is gone already: what the shim tells of that comes next
         */
        default boolean started(int pid, int shim) {
            return true;
        }

        /**
         * Comes before {@link #running} where it was asked for.
         *
         * @param shim when the shim began its first step, and {@code child} when the child did, on the clock of {@link
         *            System#nanoTime()}
         * @param outcomes what became of each step
         */
        default void timed(long shim, long child, List<Outcome> outcomes) {
        }

        /** execve has succeeded; nanoseconds each of the shim's steps took. */
        default void running(int[] nanoseconds) {
        }

        /** A step failed; the process is gone. */
        default void failed(StepFailure failure) {
        }

        /** The process has ended and all it wrote was delivered. */
        default void exited(Exit exit) {
        }

        /**
         * Nothing will follow; without {@link #exited} or {@link #failed} before, the shim was lost. Called once, last,
         * unless this engine itself went away.
         */
        default void closed() {
        }
    }

    /** Begins to listen. Frames are sent first, in one go; where the shim is gone, it may have said why before. */
    void begin(@Nullable Stdio user, Frame... frames) {
        stdio = user;
        send(frames);
        // After the frames: a plan must be the first thing a shim hears, and the user may at once tell the terminal's
        // size.
        if (user != null) {
            user.connected(this);
        }
        Thread.ofVirtual().name("shim-connection").start(this::listen);
    }

    static Frame attach() {
        return Frame.of(FrameType.ATTACH, new byte[] { ATTACH_ALL });
    }

    /** Asks to be told how long each step took. @param user whether a user is attached as well */
    static Frame attachToTimes(boolean user) {
        return Frame.of(FrameType.ATTACH, new byte[] { user ? ATTACH_ALL | ATTACH_TIMES : ATTACH_TIMES });
    }

    private void listen() {
        try {
            for (Frame frame = channel.receive(); frame != null && !abandoned; frame = channel.receive()) {
                dispatch(frame);
            }
        } catch (IOException | Problem e) {
            LOG.debug("connection to a shim broke", e);
        } finally {
            close();
            whenEnded.accept(this);
            if (!abandoned) {
                listener.closed();
            }
        }
    }

    private void dispatch(Frame frame) throws IOException {
        ByteBuffer payload = frame.payload();
        switch (frame.type()) {
            case STDOUT, STDERR, CREDIT -> deliver(frame);
            case STARTED -> {
                // Where nobody takes it, the process has failed meanwhile, and that is what is read next.
                if (listener.started(payload.getInt(), 0) && awaited) {
                    send(Frame.of(FrameType.GO));
                }
            }
            case TIMES -> listener.timed(payload.getLong(), payload.getLong(), outcomes(payload));
            case RUNNING -> listener.running(integers(payload));
            case FAILED -> {
                int index = payload.getChar();
                payload.getChar();
                int errno = payload.getInt();
                listener.failed(new StepFailure(index, errno, text(payload)));
            }
            case EXITED -> listener.exited(new Exit(payload.getInt(), payload.getInt(),
                    ExitRecord.instant(payload.getLong())));
            default -> throw new IOException("frame " + frame.type() + " from a shim");
        }
    }

    /** A user who went away does not end the connection: what the container writes is in its log. */
    private void deliver(Frame frame) {
        Stdio user = stdio;
        if (user == null) {
            return;
        }
        try {
            switch (frame.type()) {
                case STDOUT -> user.stdout(frame.payload());
                case STDERR -> user.stderr(frame.payload());
                default -> user.credit(frame.payload().getInt());
            }
        } catch (RuntimeException e) {
            LOG.debug("a user went away", e);
            stdio = null;
            stdinEof();
        }
    }

    private static List<Outcome> outcomes(ByteBuffer payload) {
        List<Outcome> outcomes = new ArrayList<>();
        while (payload.hasRemaining()) {
            outcomes.add(Outcome.of(payload.get()));
        }
        return outcomes;
    }

    private static int[] integers(ByteBuffer payload) {
        int[] values = new int[payload.remaining() / Integer.BYTES];
        payload.asIntBuffer().get(values);
        return values;
    }

    private static String text(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload).toString();
    }

    @Override
    public void stdin(ByteBuffer bytes) {
        send(new Frame(FrameType.STDIN, bytes));
    }

    @Override
    public void stdinEof() {
        send(Frame.of(FrameType.STDIN_EOF));
    }

    @Override
    public void resize(int rows, int columns) {
        send(Frame.resize(rows, columns));
    }

    @Override
    public void signal(int signal) {
        send(Frame.of(FrameType.SIGNAL, signal));
    }

    @Override
    public void unwanted() {
        if (forUser) {
            leave();
        } else {
            signal(Signal.SIGKILL);
        }
    }

    @Override
    public void leave() {
        stdio = null;
        stdinEof();
        if (forUser) {
            close();
        }
    }

    private void send(Frame... frames) {
        try {
            channel.send(frames);
        } catch (IOException e) {
            LOG.debug("a shim does not take what is sent", e);
        }
    }

    /** Leaves the shim to the next engine: the container goes on, and nothing more is told to the listener. */
    void abandon() {
        abandoned = true;
        close();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection to a shim", e);
        }
    }
}
