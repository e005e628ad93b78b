package dev.tinydocker.engine;

import dev.tinydocker.problem.Problem;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One client, from its request to its exit status. */
final class ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final FrameChannel channel;
    private final RequestHandler handler;
    private final Path log;
    private volatile @Nullable FrameSession session;
    /** Whoever answers this client does so without a session. */
    private volatile boolean answered;

    ClientConnection(FrameChannel channel, RequestHandler handler, Path log) {
        this.channel = channel;
        this.handler = handler;
        this.log = log;
    }

    /** Serves the client until its command has ended, and closes the connection. */
    void serve() {
        try (channel) {
            Frame first = channel.receive();
            while (first != null && first.type() == FrameType.PING) {
                channel.send(first);
                first = channel.receive();
            }
            if (first != null) {
                serve(first);
            }
        } catch (IOException e) {
            LOG.debug("a connection broke before its request", e);
        }
    }

    /** Whatever goes wrong is said before the connection is closed. */
    private void serve(Frame first) throws IOException {
        if (first.type() != FrameType.REQUEST) {
            throw new IOException("frame " + first.type() + " where a REQUEST was expected");
        }
        try {
            Request request = Request.parse(first.payload());
            answered = true;
            if (!handler.answer(request, channel)) {
                answered = false;
                serve(request);
            }
        } catch (Problem problem) {
            refuse(problem.line());
        } catch (RuntimeException e) {
            LOG.error("a request failed unexpectedly", e);
            refuse("cannot execute the command: " + e.getClass().getSimpleName() + " was not expected; see " + log);
        }
    }

    private void serve(Request request) {
        FrameSession opened = new FrameSession(channel, request);
        session = opened;
        Thread.ofVirtual().name("client-input").start(opened::listen);
        opened.end(ScopedValue.where(Session.CURRENT, opened).call(() -> handler.execute(request.argv())));
    }

    private void refuse(String line) {
        FrameSession opened = session;
        if (opened != null) {
            opened.end(line);
            return;
        }
        try {
            channel.send(new Frame(FrameType.STDERR, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8))),
                    Frame.of(FrameType.EXIT, ExitStatuses.RUNTIME_FAILED));
        } catch (IOException e) {
            LOG.debug("a client does not hear why it is refused", e);
        }
    }

    /** Ends the connection because the engine ends; containers run on. */
    void end(String line) {
        FrameSession opened = session;
        if (opened != null || answered) {
            refuse(line);
        }
    }
}
