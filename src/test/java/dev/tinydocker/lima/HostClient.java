package dev.tinydocker.lima;

import dev.tinydocker.engine.ClientSocket;
import dev.tinydocker.engine.Request;
import dev.tinydocker.engine.RequestHandler;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.store.Layout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client on the host, and what serves it there. */
final class HostClient implements AutoCloseable {

    private final Layout layout;
    private final ClientSocket socket;

    HostClient(Path directory, RequestHandler handler) throws IOException {
        this.layout = layout(directory);
        Files.createDirectories(layout.runRoot());
        this.socket = ClientSocket.ofUser(layout, handler);
        Thread.ofVirtual().start(() -> socket.serve(Duration.ZERO, () -> false));
    }

    static Layout layout(Path directory) {
        return new Layout(directory + "/run", directory + "/data", directory.toString());
    }

    /** How a command has ended. */
    record Ended(int status, String out, String err) {
    }

    /** A connection over which a command was asked for. */
    FrameChannel ask(Path directory, Map<String, String> environment, List<String> words) throws IOException {
        FrameChannel channel = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(layout.engineSocket())));
        channel.send(new Request(1, words, directory.toString(), environment,
                new Request.Terminal(false, false, false, 0, 0)).frame());
        return channel;
    }

    Ended execute(Path directory, Map<String, String> environment, String... words) throws IOException {
        try (FrameChannel channel = ask(directory, environment, List.of(words))) {
            return end(channel);
        }
    }

    static Ended end(FrameChannel channel) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        for (Frame frame = channel.receive(); frame != null; frame = channel.receive()) {
            switch (frame.type()) {
                case STDOUT -> out.writeBytes(bytes(frame.payload()));
                case STDERR -> err.writeBytes(bytes(frame.payload()));
                case EXIT -> {
                    return new Ended(frame.payload().getInt(), out.toString(StandardCharsets.UTF_8),
                            err.toString(StandardCharsets.UTF_8));
                }
                case RAW, CREDIT -> {
                    // Nobody is at a terminal, and what is typed was sent.
                }
                default -> throw new IOException("frame " + frame.type());
            }
        }
        throw new IOException("no EXIT");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        socket.close();
    }
}
