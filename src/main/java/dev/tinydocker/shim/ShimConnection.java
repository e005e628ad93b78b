package dev.tinydocker.shim;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One connection to a shim. Events arrive on a thread of the connection's own, in the order the shim sent them; a
 * listener that blocks holds back the container's output. Sending to a shim that is gone does nothing: its end is an
 * event.
 */
public final class ShimConnection extends FramedInput {

    private static final Logger LOG = LoggerFactory.getLogger(ShimConnection.class);
    private static final byte ATTACH_ALL = 7;
    private static final byte ATTACH_TIMES = 8;

    private final FrameChannel channel;
    private final Listener listener;
    private final Consumer<ShimConnection> whenEnded;
    private final boolean forUser;
    /** True where the process waits for GO. */
    private CompletableFuture<Boolean> awaits = CompletableFuture.completedFuture(false);
    /** What came in the place of STARTED, if anything did. */
    private @Nullable Frame first;
    private volatile @Nullable Stdio stdio;
    private volatile boolean abandoned;

    /** @param forUser it is there for a user only, and ends when the user leaves */
    ShimConnection(FrameChannel channel, Listener listener, Consumer<ShimConnection> whenEnded, boolean forUser) {
        this.channel = channel;
        this.listener = listener;
        this.whenEnded = whenEnded;
        this.forUser = forUser;
    }

    /** What a shim tells; every method does nothing unless overridden. */
    public interface Listener {

        /**
         * The process exists, as the host numbers it, and is being set up. Where the plan has it wait for the engine,
         * it goes on when this returns, and is ended where this throws; then this may be called on a thread of its own
         * before the host's steps are done, and comes to its end before all else is told.
         *
         * @param shim its parent's number; 0 where that is not known
         * @return false where the process is gone already: what the shim tells of that comes next
         */
        default boolean started(int pid, int shim) {
            return true;
        }

        /** Comes before {@link #running} where it was asked for, and before {@link #failed}. */
        default void timed(StepTimes times) {
        }

        /** execve has succeeded. */
        default void running() {
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

    /** Sends what comes before {@link #begin}. */
    void give(Frame frame) {
        send(frame);
    }

    /**
     * Lets the listener do what the process waits for while others do what the shim waits for. Before {@link #begin}.
     *
     * @param platform runs it on a thread that may wait for the kernel
     */
    void hearStart(Executor platform) {
        awaits = CompletableFuture.supplyAsync(this::isAwaited, platform);
    }

    private boolean isAwaited() {
        try {
            first = channel.receive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (first == null || first.type() != FrameType.STARTED) {
            return false;
        }
        int pid = first.payload().getInt();
        first = null;
        // Where nobody takes it, the process has failed meanwhile, and that is what is read next.
        return listener.started(pid, 0);
    }

    /** Returns when the listener does nothing for the process any more. In the place of {@link #begin}. */
    void endStart() {
        awaits.handle((_, _) -> true).join();
    }

    /**
     * The same of a process that waits for this engine: it is ended, and how far its steps have come is told: {@link
     * Listener#timed}, {@link Listener#failed}.
     */
    void endStart(Listener told) {
        endStart();
        signal(Signal.SIGKILL);
        try {
            boolean more = true;
            for (Frame frame = next(); more && frame != null; frame = more ? channel.receive() : null) {
                dispatch(frame, told);
                more = frame.type() != FrameType.FAILED;
            }
        } catch (IOException | Problem e) {
            LOG.debug("a shim does not say how its process has ended", e);
        }
    }

    /** What came in the place of STARTED, or comes next. */
    private @Nullable Frame next() throws IOException {
        Frame frame = first == null ? channel.receive() : first;
        first = null;
        return frame;
    }

    /** Begins to listen. Frames are sent first, in one go; where the shim is gone, it may have said why before. */
    void begin(@Nullable Stdio user, Frame... frames) {
        stdio = user;
        send(frames);
        // By whoever is done last.
        awaits.thenAccept(waits -> {
            if (waits) {
                send(Frame.of(FrameType.GO));
            }
        });
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
            // A process for which its part cannot be done is ended; the shim still tells how far it has come.
            awaits.exceptionally(_ -> {
                signal(Signal.SIGKILL);
                return false;
            }).join();
            for (Frame frame = next(); frame != null && !abandoned; frame = channel.receive()) {
                dispatch(frame, listener);
            }
        } catch (IOException | Problem | CompletionException e) {
            LOG.debug("connection to a shim broke", e);
        } finally {
            close();
            whenEnded.accept(this);
            if (!abandoned) {
                listener.closed();
            }
        }
    }

    private void dispatch(Frame frame, Listener told) throws IOException {
        ByteBuffer payload = frame.payload();
        switch (frame.type()) {
            case STDOUT, STDERR, CREDIT -> deliver(frame);
            case STARTED -> told.started(payload.getInt(), 0);
            case TIMES -> told.timed(StepTimes.read(payload));
            case RUNNING -> told.running();
            case FAILED -> {
                int index = payload.getChar();
                payload.getChar();
                int errno = payload.getInt();
                told.failed(new StepFailure(index, errno, text(payload)));
            }
            case EXITED -> told.exited(new Exit(payload.getInt(), payload.getInt(),
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

    private static String text(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload).toString();
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

    @Override
    protected void send(Frame... frames) {
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
