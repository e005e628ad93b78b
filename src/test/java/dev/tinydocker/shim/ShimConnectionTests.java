package dev.tinydocker.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.Conflict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

@Timeout(10)
class ShimConnectionTests {

    @TempDir
    Path directory;

    /** What a shim tells whose process fails at its first step: it is gone before the engine has heard that there is one. */
    private static final Frame[] LAST_WORDS = { Frame.of(FrameType.STARTED, 4242), Frame.of(FrameType.FAILED,
            ByteBuffer.allocate(11).putChar((char) 3).putChar((char) 0).putInt(22).put("why".getBytes(
                    StandardCharsets.UTF_8)).array()) };

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void whyAProcessFailedAtOnceIsHeardThoughNobodyTakesTheGo(boolean there) throws Exception {
        Told told = new Told(there);
        try (SocketChannel engine = connected(LAST_WORDS)) {
            ShimConnection connection = new ShimConnection(new FrameChannel(engine), told, _ -> { }, false);
            connection.hearStart(Runnable::run);
            assertThat(told.events).containsExactly("started 4242");
            connection.begin(null);
            told.closed.join();
        }
        assertThat(told.events).containsExactly("started 4242", "failed at 3: why: EINVAL (Invalid argument)");
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void aProcessGoesOnWhereItIsThere(boolean there) throws Exception {
        Told told = new Told(there);
        try (ServerSocketChannel server = server()) {
            SocketChannel engine = SocketChannel.open(server.getLocalAddress());
            try (SocketChannel shim = server.accept()) {
                new FrameChannel(shim).send(Frame.of(FrameType.STARTED, 1), Frame.of(FrameType.EXITED, new byte[16]));
                ShimConnection connection = new ShimConnection(new FrameChannel(engine), told, _ -> { }, false);
                connection.hearStart(Runnable::run);
                connection.begin(null, Frame.of(FrameType.HOST));
                told.exited.join();
                connection.abandon();
                FrameChannel heard = new FrameChannel(shim);
                assertThat(heard.receive()).isEqualTo(Frame.of(FrameType.HOST));
                assertThat(heard.receive()).isEqualTo(there ? Frame.of(FrameType.GO) : null);
            }
        }
    }

    @Test
    void aProcessThatTheListenerIsNotDoneWithGoesOnWhenItIs() throws Exception {
        Told told = new Told(true);
        List<Runnable> later = new ArrayList<>();
        try (ServerSocketChannel server = server()) {
            SocketChannel engine = SocketChannel.open(server.getLocalAddress());
            try (SocketChannel shim = server.accept()) {
                new FrameChannel(shim).send(Frame.of(FrameType.STARTED, 1));
                ShimConnection connection = new ShimConnection(new FrameChannel(engine), told, _ -> { }, false);
                connection.hearStart(later::add);
                connection.begin(null, Frame.of(FrameType.HOST));
                FrameChannel heard = new FrameChannel(shim);
                assertThat(heard.receive()).isEqualTo(Frame.of(FrameType.HOST));
                assertThat(told.events).isEmpty();
                later.getFirst().run();
                assertThat(heard.receive()).isEqualTo(Frame.of(FrameType.GO));
                connection.abandon();
            }
        }
    }

    @Test
    void whatEndsAProcessThatNeverStartedIsToldWhenItIsAskedFor() throws Exception {
        Told told = new Told(true);
        try (SocketChannel engine = connected(LAST_WORDS[1])) {
            ShimConnection connection = new ShimConnection(new FrameChannel(engine), told, _ -> { }, false);
            connection.hearStart(Runnable::run);
            assertThat(told.events).isEmpty();
            connection.begin(null);
            told.closed.join();
        }
        assertThat(told.events).containsExactly("failed at 3: why: EINVAL (Invalid argument)");
    }

    /** How far it has come is told to who ends it, since it was never told to go on. */
    @Test
    void aProcessThatWaitsIsEndedAndSaysHowFarItHasCome() throws Exception {
        Told told = new Told(true);
        try (SocketChannel engine = connected(LAST_WORDS)) {
            ShimConnection connection = new ShimConnection(new FrameChannel(engine), new Told(true), _ -> { }, false);
            connection.hearStart(Runnable::run);
            connection.endStart(told);
        }
        assertThat(told.events).containsExactly("failed at 3: why: EINVAL (Invalid argument)");
    }

    @Test
    void aListenerThatCannotDoItsPartEndsTheProcess() throws Exception {
        Told told = new Told(true) {
            @Override
            public boolean started(int pid, int shim) {
                throw new Conflict("connect", "no", "");
            }
        };
        try (ServerSocketChannel server = server()) {
            SocketChannel engine = SocketChannel.open(server.getLocalAddress());
            try (SocketChannel shim = server.accept()) {
                new FrameChannel(shim).send(Frame.of(FrameType.STARTED, 1));
                ShimConnection connection = new ShimConnection(new FrameChannel(engine), told, _ -> { }, false);
                connection.hearStart(Runnable::run);
                connection.endStart();
                connection.begin(null);
                FrameChannel heard = new FrameChannel(shim);
                assertThat(heard.receive()).isEqualTo(Frame.of(FrameType.SIGNAL, Signal.SIGKILL));
                heard.send(LAST_WORDS[1]);
                shim.shutdownOutput();
                told.closed.join();
                assertThat(told.events).containsExactly("failed at 3: why: EINVAL (Invalid argument)");
            }
        }
    }

    private ServerSocketChannel server() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    /** The engine's end of a connection whose other end has said this, and is closed. */
    private SocketChannel connected(Frame... words) throws IOException {
        try (ServerSocketChannel server = server()) {
            SocketChannel engine = SocketChannel.open(server.getLocalAddress());
            try (SocketChannel shim = server.accept()) {
                new FrameChannel(shim).send(words);
            }
            return engine;
        }
    }

    private static class Told implements ShimConnection.Listener {

        private final List<String> events = new ArrayList<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final CompletableFuture<Void> exited = new CompletableFuture<>();
        private final boolean there;

        Told(boolean there) {
            this.there = there;
        }

        @Override
        public boolean started(int pid, int shim) {
            events.add("started " + pid);
            return there;
        }

        @Override
        public void failed(StepFailure failure) {
            events.add("failed at " + failure.index() + ": " + failure.reason());
        }

        @Override
        public void exited(Exit exit) {
            exited.complete(null);
        }

        @Override
        public void closed() {
            closed.complete(null);
        }
    }
}
