package dev.tinydocker.lima;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Whether an engine answers behind a forwarded socket. That it is there, or takes a connection, proves nothing: ssh(1)
 * takes it first, and asks the other side later.
 */
final class EnginePing {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private EnginePing() {
    }

    /** Empty where an engine answers, else why none does. */
    static String failure(Path socket) {
        try (FrameChannel channel = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)))) {
            return CompletableFuture.supplyAsync(() -> asked(channel), task -> Thread.ofVirtual().start(task))
                    .completeOnTimeout("it says nothing", PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (IOException | CompletionException | IllegalArgumentException e) {
            String message = e.getMessage();
            return message == null ? e.getClass().getSimpleName() : message;
        }
    }

    private static String asked(FrameChannel channel) {
        Map<String, Object> request = Map.of("v", 1, "argv", List.of("version"), "cwd", "/", "env", Map.of(), "tty",
                Map.of("in", false, "out", false, "err", false, "rows", 0, "cols", 0));
        try {
            channel.send(Frame.of(FrameType.REQUEST, JSON.writeValueAsBytes(request)));
            return channel.receive() == null ? "it hangs up" : "";
        } catch (IOException e) {
            return "it hangs up (" + e.getMessage() + ")";
        }
    }
}
