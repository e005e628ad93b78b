package dev.tinydocker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.shell.Session;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import dev.tinydocker.shim.Stdio;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A session, and the client that this test plays. */
@Timeout(30)
class FrameSessionTests {

    @TempDir
    Path directory;

    private FrameChannel client;
    private FrameSession session;
    private final List<String> toContainer = new CopyOnWriteArrayList<>();

    private final Stdio.Input container = new Stdio.Input() {
        @Override
        public void stdin(ByteBuffer bytes) {
            toContainer.add("stdin " + StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public void stdinEof() {
            toContainer.add("eof");
        }

        @Override
        public void resize(int rows, int columns) {
            toContainer.add("resize " + rows + " " + columns);
        }

        @Override
        public void signal(int signal) {
            toContainer.add("signal " + signal);
        }

        @Override
        public void unwanted() {
            toContainer.add("unwanted");
        }

        @Override
        public void leave() {
            toContainer.add("left");
        }
    };

    @BeforeEach
    void connect() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            client = new FrameChannel(SocketChannel.open(address));
            session = new FrameSession(new FrameChannel(server.accept()),
                    new Request(1, List.of("x"), "/", Map.of(), new Request.Terminal(true, true, true, 24, 80)));
        }
        Thread.ofVirtual().start(session::listen);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    private void expect(FrameType type, String text) throws IOException {
        Frame frame = client.receive();
        assertThat(frame).isNotNull();
        assertThat(frame.type()).isEqualTo(type);
        assertThat(StandardCharsets.UTF_8.decode(frame.payload()).toString()).isEqualTo(text);
    }

    private void expect(FrameType type, int value) throws IOException {
        Frame frame = client.receive();
        assertThat(frame).isNotNull();
        assertThat(frame.type()).isEqualTo(type);
        assertThat(frame.payload().getInt()).isEqualTo(value);
    }

    private void type(String text) throws IOException {
        client.send(Frame.of(FrameType.STDIN, text.getBytes(StandardCharsets.UTF_8)));
    }

    private Stdio attach(boolean raw) throws IOException {
        Stdio stdio = session.stdio(raw);
        expect(FrameType.RAW, raw ? "\1" : "\0");
        return stdio;
    }

    private void awaitContainer(String... events) {
        Awaitility.await().untilAsserted(() -> assertThat(toContainer).containsExactly(events));
    }

    @Test
    void whoSendsWhatOnlyAnEngineSaysIsHungUpOn() throws IOException {
        client.send(Frame.of(FrameType.HOST));
        assertThat(client.receive()).isNull();
    }

    @Test
    void ourOwnLinesAreWholeInATerminalThatIsRaw() throws IOException {
        attach(true);
        session.err().print("a\nb\n\nc");
        session.err().flush();
        expect(FrameType.STDERR, "a\r\nb\r\n\r\nc");
        session.restore();
        expect(FrameType.RAW, "\0");
        session.err().println("left");
        expect(FrameType.STDERR, "left\n");
    }

    @Test
    void outputKeepsItsOrderAcrossBothStreams() throws IOException {
        session.out().print("one ");
        session.out().print("two");
        session.err().println("problem");
        session.out().print("three");
        session.end(7);
        expect(FrameType.STDOUT, "one two");
        expect(FrameType.STDERR, "problem\n");
        expect(FrameType.STDOUT, "three");
        expect(FrameType.EXIT, 7);
        assertThat(client.receive()).isNull();
    }

    @Test
    void muchOutputGoesInPiecesAsItComes() throws IOException {
        session.out().print("x".repeat(100_000));
        session.end(0);
        int total = 0;
        Frame frame = client.receive();
        while (frame != null && frame.type() == FrameType.STDOUT) {
            assertThat(frame.payload().remaining()).isLessThanOrEqualTo(32 << 10);
            total += frame.payload().remaining();
            frame = client.receive();
        }
        assertThat(total).isEqualTo(100_000);
    }

    @Test
    void inputIsAskedForWhenItIsRead() throws Exception {
        Thread typist = Thread.ofVirtual().start(() -> {
            try {
                expect(FrameType.CREDIT, 32 << 10);
                type("abc");
                client.send(Frame.of(FrameType.STDIN_EOF));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(session.in().readAllBytes()).asString().isEqualTo("abc");
        typist.join();
    }

    @Test
    void inputBelongsToWhoeverAskedFirst() throws Exception {
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                assertThat(session.in().read()).isEqualTo('a');
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        expect(FrameType.CREDIT, 32 << 10);
        Stdio stdio = attach(false);
        stdio.connected(container);
        stdio.credit(10);
        expect(FrameType.CREDIT, 10);
        type("a".repeat(32 << 10));
        type("bc");
        reader.join();
        awaitContainer("resize 24 80", "stdin bc");
    }

    /** As in a script: what the first one has credited may be sent to the second, which would hang up on too much. */
    @Test
    void aContainerGetsNoMoreThanItHasRoomForAndNothingIsLost() throws IOException {
        Stdio first = attach(false);
        first.connected(container);
        first.credit(8);
        expect(FrameType.CREDIT, 8);
        type("a");
        awaitContainer("resize 24 80", "stdin a");
        session.restore();
        expect(FrameType.RAW, "\0");
        toContainer.clear();
        type("bc");
        Stdio second = attach(false);
        second.connected(container);
        second.credit(4);
        expect(FrameType.CREDIT, 4);
        type("defghi");
        client.send(Frame.of(FrameType.STDIN_EOF));
        Awaitility.await().until(() -> session.in().read() < 0);
        assertThat(toContainer).containsExactly("resize 24 80", "stdin bc", "stdin de");
        second.credit(4);
        assertThat(toContainer).endsWith("stdin fghi", "eof");
    }

    @Test
    void whatTheUserDoesBeforeTheContainerIsThereIsMadeUpFor() throws IOException {
        Stdio stdio = attach(true);
        client.send(Frame.resize(50, 132), Frame.of(FrameType.STDIN_EOF));
        Awaitility.await().until(() -> session.in().read() < 0);
        stdio.connected(container);
        awaitContainer("resize 50 132", "eof");
    }

    @Test
    void theNextContainerHasTheTerminalAsItIsNow() throws IOException {
        Stdio first = attach(true);
        first.connected(container);
        client.send(Frame.resize(50, 132));
        awaitContainer("resize 24 80", "resize 50 132");
        session.restore();
        expect(FrameType.RAW, "\0");
        toContainer.clear();
        attach(true).connected(container);
        awaitContainer("resize 50 132");
        assertThat(session.tty()).isEqualTo(new Session.Tty(true, true, true, 50, 132));
    }

    @Test
    void signalsGoToTheContainer() throws IOException {
        Stdio stdio = attach(false);
        stdio.connected(container);
        client.send(Frame.of(FrameType.SIGNAL, 2), Frame.of(FrameType.SIGNAL, 10));
        awaitContainer("resize 24 80", "signal 2", "signal 10");
    }

    @Test
    void whoAsksAContainerToEndForTheThirdTimeLeavesIt() throws IOException {
        Stdio stdio = attach(false);
        stdio.connected(container);
        client.send(Frame.of(FrameType.SIGNAL, 2), Frame.of(FrameType.SIGNAL, 10), Frame.of(FrameType.SIGNAL, 15),
                Frame.of(FrameType.SIGNAL, 10), Frame.of(FrameType.SIGNAL, 2));
        expect(FrameType.STDERR, "\nleft alone; a container that was started runs on, see 'ps'\n");
        expect(FrameType.EXIT, 128 + 2);
        awaitContainer("resize 24 80", "signal 2", "signal 10", "signal 15", "signal 10", "left");
    }

    @Test
    void whoGivesUpBeforeTheContainerRunsKillsItAtOnce() throws IOException {
        Stdio stdio = attach(false);
        client.send(Frame.of(FrameType.SIGNAL, 15));
        expect(FrameType.EXIT, 128 + 15);
        Awaitility.await().until(() -> client.receive() == null);
        stdio.connected(container);
        Awaitility.await().untilAsserted(() -> assertThat(toContainer).contains("unwanted"));
    }

    @Test
    void aSignalRunsWhatIsInterestedInIt() throws IOException {
        AtomicInteger interrupts = new AtomicInteger();
        var interest = session.onInterrupt(interrupts::incrementAndGet);
        client.send(Frame.of(FrameType.SIGNAL, 2));
        Awaitility.await().until(() -> interrupts.get() == 1);
        // Others are not meant for the command.
        client.send(Frame.of(FrameType.SIGNAL, 10), Frame.of(FrameType.SIGNAL, 2));
        Awaitility.await().until(() -> interrupts.get() == 2);
        interest.close();
        client.send(Frame.of(FrameType.SIGNAL, 2));
        expect(FrameType.EXIT, 128 + 2);
        assertThat(interrupts).hasValue(2);
    }

    @Test
    void hangingUpInterruptsTheCommandAndNotTheContainer() throws IOException {
        AtomicInteger interrupts = new AtomicInteger();
        session.onInterrupt(interrupts::incrementAndGet);
        Stdio stdio = attach(false);
        stdio.connected(container);
        client.close();
        awaitContainer("resize 24 80", "left");
        Awaitility.await().until(() -> interrupts.get() == 1);
        // The command goes on without anybody to tell.
        session.out().print("lost");
        session.end(0);
    }

    @Test
    void anEngineThatEndsSaysSo() throws IOException {
        session.end("cannot finish the command");
        expect(FrameType.STDERR, "cannot finish the command\n");
        expect(FrameType.EXIT, 125);
    }
}
