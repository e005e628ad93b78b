package dev.tinydocker.lima;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes frames between a client here and an engine elsewhere, both ways, as they are. The client is heard before there
 * is an engine: a machine starts for minutes, and the user may not want to wait.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    /** SIGHUP, SIGINT, SIGQUIT and SIGTERM. */
    private static final Set<Integer> ENDING = Set.of(1, 2, 3, 15);

    private final FrameChannel client;
    private final Wait wait;
    private final CompletableFuture<FrameChannel> engine = new CompletableFuture<>();
    private final AtomicBoolean hungUp = new AtomicBoolean();
    /** What the client has sent before there was an engine. */
    private final List<Frame> kept = new ArrayList<>();
    /** Nobody waits for an engine any more, but who looks for one may not know yet. */
    private boolean givenUp;

    /** @param wait for an engine, which ends where the client does not want one any more */
    Relay(FrameChannel client, Wait wait) {
        this.client = client;
        this.wait = wait;
        Thread.ofVirtual().name("client-input").start(this::hear);
    }

    /**
     * Until the engine has said how the command has ended, or the client has gone; false where neither was so.
     *
     * @throws Interrupted where the client did not wait for it
     */
    boolean run(FrameChannel found) {
        try {
            begin(found);
            for (Frame frame = found.receive(); frame != null; frame = found.receive()) {
                tell(frame);
                if (frame.type() == FrameType.EXIT) {
                    return true;
                }
            }
        } catch (IOException e) {
            LOG.debug("the engine cannot be heard any more", e);
        }
        return hungUp.get();
    }

    private synchronized void begin(FrameChannel found) throws IOException {
        if (givenUp) {
            throw new Interrupted();
        }
        engine.complete(found);
        found.send(kept.toArray(Frame[]::new));
        kept.clear();
    }

    /** Ends the wait for an engine; false where there is one. */
    private synchronized boolean giveUp() {
        if (engine.isDone()) {
            return false;
        }
        givenUp = true;
        wait.end();
        return true;
    }

    /** Keeps it for an engine, or ends the wait for one; false where there is one. Nothing of the client waits here. */
    private synchronized boolean keep(Frame frame) {
        if (engine.isDone()) {
            return false;
        }
        if (frame.type() == FrameType.SIGNAL && ENDING.contains(frame.payload().duplicate().getInt())) {
            return giveUp();
        }
        return kept.add(frame);
    }

    private void tell(Frame frame) {
        try {
            client.send(frame);
        } catch (IOException e) {
            LOG.debug("a client does not take {}", frame.type(), e);
        }
    }

    /** A client that goes away hangs up on the engine. */
    private void hear() {
        try {
            for (@Nullable Frame frame = client.receive(); frame != null; frame = client.receive()) {
                if (!keep(frame)) {
                    engine.join().send(frame);
                }
            }
        } catch (IOException e) {
            LOG.debug("a client cannot be heard any more", e);
        }
        hungUp.set(true);
        if (giveUp()) {
            return;
        }
        try {
            engine.join().close();
        } catch (IOException e) {
            LOG.debug("hanging up on the engine", e);
        }
    }
}
