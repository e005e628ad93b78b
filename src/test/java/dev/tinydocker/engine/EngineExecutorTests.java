package dev.tinydocker.engine;

import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineExecutorTests {

    @TempDir
    private Path directory;

    private TypedTerminal user;
    private ServerSocketChannel server;
    private EngineExecutor executor;
    private final AtomicInteger starts = new AtomicInteger();

    /** What the engine of a test does with its one connection. */
    private interface Engine {
        void serve(JsonNode request, FrameChannel channel) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        user = new TypedTerminal();
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
        executor = new EngineExecutor(directory.resolve("s"), user.terminal, starts::incrementAndGet);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        user.close();
    }

    private CompletableFuture<Void> engine(Engine engine) {
        return CompletableFuture.runAsync(() -> {
            try (FrameChannel channel = new FrameChannel(server.accept())) {
                Frame request = channel.receive();
                assertThat(request.type()).isEqualTo(FrameType.REQUEST);
                byte[] json = new byte[request.payload().remaining()];
                request.payload().get(json);
                engine.serve(JsonMapper.builder().build().readTree(json), channel);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Frame frame(FrameType type, String text) {
        return Frame.of(type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Frame raw(int raw) {
        return Frame.of(FrameType.RAW, new byte[] { (byte) raw });
    }

    private static String text(Frame frame) {
        return StandardCharsets.UTF_8.decode(frame.payload()).toString();
    }

    @Test
    void theRequestIsWhatAClientSends() {
        CompletableFuture<Void> engine = engine((request, channel) -> {
            assertThat(request.get("v").asInt()).isEqualTo(1);
            assertThat(request.get("argv").toString()).isEqualTo("[\"ps\",\"a b\",\"\"]");
            assertThat(request.get("cwd").asString()).isEqualTo(System.getProperty("user.dir"));
            assertThat(request.get("env").has("PATH")).isTrue();
            assertThat(request.get("tty").get("rows").asInt()).isEqualTo(24);
            assertThat(request.get("tty").get("cols").asInt()).isEqualTo(80);
            assertThat(request.get("tty").get("in").asBoolean()).isTrue();
            channel.send(Frame.of(FrameType.EXIT, 0));
        });
        assertThat(executor.execute(List.of("ps", "a b", ""))).isZero();
        engine.join();
    }

    @Test
    void streamsAndStatusComeBack() {
        CompletableFuture<Void> engine = engine((_, channel) -> channel.send(frame(FrameType.STDOUT, "hello\n"),
                frame(FrameType.STDERR, "oops\n"), Frame.of(FrameType.EXIT, 42)));
        assertThat(executor.execute(List.of("run"))).isEqualTo(42);
        engine.join();
        user.awaitShown(screen -> screen.contains("hello"));
        assertThat(user.error.toString(StandardCharsets.UTF_8)).isEqualTo("oops\n");
    }

    @Test
    void keysAreSentAsFarAsCreditedAndTheRestStays() {
        CompletableFuture<Void> engine = engine((_, channel) -> {
            channel.send(raw(1), frame(FrameType.STDOUT, "ready"), Frame.of(FrameType.CREDIT, 3));
            user.awaitShown(screen -> screen.contains("ready"));
            user.type("abc\003");
            StringBuilder keys = new StringBuilder();
            while (keys.length() < 3) {
                keys.append(text(channel.receive()));
            }
            assertThat(keys).hasToString("abc");
            channel.send(Frame.of(FrameType.CREDIT, 1));
            assertThat(text(channel.receive())).isEqualTo("\003");
            channel.send(raw(0), Frame.of(FrameType.EXIT, 0));
        });
        executor.execute(List.of("run"));
        engine.join();
        user.type("d");
        assertThat(user.next()).isEqualTo('d');
    }

    @Test
    void controlCIsASignal() {
        CompletableFuture<Void> engine = engine((_, channel) -> {
            channel.send(frame(FrameType.STDOUT, "ready"));
            user.awaitShown(screen -> screen.contains("ready"));
            user.type("\003");
            Frame signal = channel.receive();
            assertThat(signal.type()).isEqualTo(FrameType.SIGNAL);
            assertThat(signal.payload().getInt()).isEqualTo(2);
            channel.send(Frame.of(FrameType.EXIT, 130));
        });
        assertThat(executor.execute(List.of("logs"))).isEqualTo(130);
        engine.join();
    }

    @Test
    void theThirdControlCHangsUp() {
        CompletableFuture<Void> engine = engine((_, channel) -> {
            channel.send(frame(FrameType.STDOUT, "ready"));
            user.awaitShown(screen -> screen.contains("ready"));
            for (int i = 0; i < 2; i++) {
                user.type("\003");
                assertThat(channel.receive().type()).isEqualTo(FrameType.SIGNAL);
            }
            user.type("\003");
            assertThat(channel.receive()).isNull();
        });
        assertThat(executor.execute(List.of("run"))).isEqualTo(130);
        engine.join();
        assertThat(user.error.toString(StandardCharsets.UTF_8)).startsWith("\nleft alone;");
    }

    @Test
    void anEngineThatDiesIsSaid() throws IOException {
        CompletableFuture<Void> engine = engine((_, channel) -> channel.close());
        assertThat(executor.execute(List.of("ps"))).isEqualTo(125);
        engine.join();
        server.close();
        assertThat(executor.execute(List.of("ps"))).isEqualTo(125);
        assertThat(user.error.toString(StandardCharsets.UTF_8))
                .startsWith("cannot finish the command: the engine is gone: it closed the connection; ")
                .hasLineCount(2);
        assertThat(starts).hasValue(1);
    }

    @Test
    void whereTheEngineHasEndedAnotherIsStarted() throws IOException {
        Path socket = directory.resolve("s");
        server.close();
        Files.delete(socket);
        List<CompletableFuture<Void>> engines = new ArrayList<>();
        executor = new EngineExecutor(socket, user.terminal, () -> {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
            engines.add(engine((_, channel) -> channel.send(Frame.of(FrameType.EXIT, 7))));
        });
        assertThat(executor.execute(List.of("ps"))).isEqualTo(7);
        engines.getFirst().join();
        assertThat(user.error.size()).isZero();
    }

    @Test
    void outputIsKeptFromTheTerminal() {
        CompletableFuture<Void> engine = engine((request, channel) -> {
            assertThat(request.get("tty").get("in").asBoolean()).isFalse();
            channel.send(frame(FrameType.STDOUT, "web\t1\t"), frame(FrameType.STDOUT, "Up\n"),
                    Frame.of(FrameType.EXIT, 0));
        });
        assertThat(executor.output(List.of("__complete", "--", ""))).isEqualTo("web\t1\tUp\n");
        engine.join();
    }
}
