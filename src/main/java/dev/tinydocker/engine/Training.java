package dev.tinydocker.engine;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import dev.tinydocker.store.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;

/**
 * A client of this JVM's own engine, which asks what users ask first: what is loaded for it goes into the start-up cache. The
 * answers do not matter, nor whether this host can run containers.
 */
final class Training {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final List<List<String>> COMMANDS = List.of(List.of("version"), List.of("help"), List.of("info"),
            List.of("run", "--help"), List.of("ps", "-a"), List.of("run", "--rm", "-d", "--rootfs", "/nonexistent", "true"),
            List.of("logs", "nobody"), List.of("stop", "nobody"), List.of("rm", "nobody"), List.of("exec", "nobody", "true"));

    private final Layout layout;

    Training(Layout layout) {
        this.layout = layout;
    }

    void run() {
        COMMANDS.forEach(this::ask);
    }

    private void ask(List<String> argv) {
        Request request = new Request(1, argv, "/", Map.of("TERM", "dumb"), new Request.Terminal(false, false, false, 0, 0));
        byte[] payload = new JsonMapper().writeValueAsBytes(request);
        try (FrameChannel channel = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(layout.engineSocket())))) {
            channel.send(Frame.of(FrameType.REQUEST, payload));
            Frame answer = channel.receive();
            while (answer != null && answer.type() != FrameType.EXIT) {
                answer = channel.receive();
            }
            LOG.info("{} ended with {}", argv, answer == null ? "nothing" : answer.payload().getInt(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
