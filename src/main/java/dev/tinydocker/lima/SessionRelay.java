package dev.tinydocker.lima;

import dev.tinydocker.engine.Request;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FramedInput;
import dev.tinydocker.shim.Stdio;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;

/**
 * One command of a session here that an engine elsewhere executes, as a line of a script: to the session it is what a
 * container is, which has its streams until it ends.
 */
final class SessionRelay extends FramedInput {

    private static final Logger LOG = LoggerFactory.getLogger(SessionRelay.class);

    private final Session session;
    private final FrameChannel engine;
    private volatile boolean left;

    SessionRelay(Session session, FrameChannel engine) {
        this.session = session;
        this.engine = engine;
    }

    /** How a command has ended; empty where the engine has not said so. */
    OptionalInt run(Request request) {
        try {
            engine.send(request.frame());
            Stdio stdio = lend(false);
            for (Frame frame = engine.receive(); frame != null; frame = engine.receive()) {
                switch (frame.type()) {
                    case STDOUT -> stdio.stdout(frame.payload());
                    case STDERR -> stdio.stderr(frame.payload());
                    case CREDIT -> stdio.credit(frame.payload().getInt());
                    case RAW -> {
                        session.restore();
                        stdio = lend(frame.payload().get() == 1);
                    }
                    case EXIT -> {
                        return OptionalInt.of(frame.payload().getInt());
                    }
                    default -> throw new IOException("frame " + frame.type() + " from an engine");
                }
            }
        } catch (IOException e) {
            LOG.debug("the engine cannot be heard any more", e);
        } catch (UncheckedIOException e) {
            LOG.debug("a client has gone", e);
            left = true;
        } finally {
            session.restore();
        }
        return left ? OptionalInt.of(ExitStatuses.INTERRUPTED) : OptionalInt.empty();
    }

    private Stdio lend(boolean raw) {
        Stdio stdio = session.stdio(raw);
        stdio.connected(this);
        return stdio;
    }

    @Override
    public void unwanted() {
        leave();
    }

    /** Hangs up on the engine. */
    @Override
    public void leave() {
        left = true;
        try {
            engine.close();
        } catch (IOException e) {
            LOG.debug("hanging up on the engine", e);
        }
    }

    /** A frame that does not arrive is no news: the engine's end of the connection is heard where it is read. */
    @Override
    protected void send(Frame... frames) {
        try {
            engine.send(frames);
        } catch (IOException e) {
            LOG.debug("the engine does not take what is sent", e);
        }
    }
}
