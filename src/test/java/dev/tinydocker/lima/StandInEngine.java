package dev.tinydocker.lima;

import dev.tinydocker.engine.Request;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An engine's socket in "the machine": keeps what it is asked, and ends as the words say. */
final class StandInEngine implements AutoCloseable {

    final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    /** What clients sent after their request, and that they hung up. */
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    /** What a word could become. */
    volatile String completes = "version\t1\tof the engine\n";
    private final ServerSocketChannel server;
    private final boolean answers;

    StandInEngine(Path socket) throws IOException {
        this(socket, true);
    }

    /** @param answers whether a ping comes back */
    StandInEngine(Path socket, boolean answers) throws IOException {
        Files.createDirectories(socket.getParent());
        this.answers = answers;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                FrameChannel channel = new FrameChannel(server.accept());
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            heard.add("closed");
        }
    }

    private void serve(FrameChannel channel) {
        boolean reads = false;
        try (channel) {
            for (Frame frame = channel.receive(); frame != null; frame = channel.receive()) {
                switch (frame.type()) {
                    case PING -> {
                        if (answers) {
                            channel.send(frame);
                        }
                    }
                    case REQUEST -> {
                        Request request = Request.parse(frame.payload());
                        requests.add(request);
                        reads = request.argv().getFirst().equals("read");
                        if (!obey(request.argv(), channel)) {
                            return;
                        }
                    }
                    default -> {
                        heard.add(frame.type() + " " + text(frame.payload()));
                        if (reads && frame.type() == FrameType.STDIN_EOF) {
                            channel.send(Frame.of(FrameType.EXIT, 0));
                        }
                    }
                }
            }
            heard.add("hung up");
        } catch (IOException e) {
            heard.add("broken");
        }
    }

    private static String text(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** False where the connection is to be cut off. */
    private boolean obey(List<String> words, FrameChannel channel) throws IOException {
        switch (words.getFirst()) {
            case "cut" -> {
                return false;
            }
            case "end" -> channel.send(Frame.of(FrameType.STDOUT, "out\n".getBytes()),
                    Frame.of(FrameType.STDERR, "err\n".getBytes()),
                    Frame.of(FrameType.EXIT, Integer.parseInt(words.get(1))));
            case "wait", "read" -> channel.send(Frame.of(FrameType.CREDIT, 100));
            case "help" -> channel.send(Frame.of(FrameType.STDOUT, "of the engine\n".getBytes()),
                    Frame.of(FrameType.EXIT, 0));
            case "__complete" -> channel.send(Frame.of(FrameType.STDOUT, completes.getBytes()),
                    Frame.of(FrameType.EXIT, 0));
            default -> channel.send(Frame.of(FrameType.EXIT, 0));
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
