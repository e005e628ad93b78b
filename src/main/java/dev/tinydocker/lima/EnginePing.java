package dev.tinydocker.lima;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Whether an engine answers behind a forwarded socket. That it is there, or takes a connection, proves nothing: ssh(1)
 * takes it first, and asks the other side later.
 */
final class EnginePing {

    private static final byte[] WORD = { 't', 'i', 'n', 'y' };
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private EnginePing() {
    }

    /** Something has taken the connection, and says nothing: an engine that still starts, or a dead end. */
    static final class Silent extends IOException {

        private static final long serialVersionUID = 1;

        Silent() {
            super("it says nothing");
        }
    }

    /**
     * A connection whose other end is an engine.
     *
     * @throws IOException where it is none
     */
    static FrameChannel connect(Path socket) throws IOException {
        return connect(socket, PATIENCE);
    }

    private static FrameChannel connect(Path socket, Duration patience) throws IOException {
        FrameChannel channel;
        try {
            channel = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            CompletableFuture.runAsync(() -> ask(channel), task -> Thread.ofVirtual().start(task))
                    .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
            return channel;
        } catch (CompletionException e) {
            channel.close();
            throw e.getCause() instanceof UncheckedIOException broken ? broken.getCause() : new Silent();
        }
    }

    /** Empty where an engine answers, else why none does. */
    static String failure(Path socket) {
        return failure(socket, PATIENCE);
    }

    static String failure(Path socket, Duration patience) {
        try (FrameChannel _ = connect(socket, patience)) {
            return "";
        } catch (IOException e) {
            String message = e.getMessage();
            return message == null ? e.getClass().getSimpleName() : message;
        }
    }

    private static void ask(FrameChannel channel) {
        try {
            channel.send(Frame.of(FrameType.PING, WORD));
            Frame answer = channel.receive();
            if (answer == null || answer.type() != FrameType.PING) {
                throw new IOException(answer == null ? "it hangs up" : "it answers with " + answer.type());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("it hangs up (" + e.getMessage() + ")", e);
        }
    }
}
