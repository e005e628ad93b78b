package dev.tinydocker.engine;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shim.Frame;
import dev.tinydocker.shim.FrameChannel;
import dev.tinydocker.shim.FrameType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Forwards commands to the engine of another JVM, as the client does: see docs/wire.md. Where that has ended, another
 * is started first.
 */
final class EngineExecutor implements CommandExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(EngineExecutor.class);

    private final Path socket;
    private final ReplTerminal terminal;
    private final Starter starter;

    /** Starts an engine, and returns when it answers. */
    @FunctionalInterface
    interface Starter {

        /** @throws IOException where it cannot be started; the user was told why */
        void start() throws IOException;
    }

    EngineExecutor(Path socket, ReplTerminal terminal, Starter starter) {
        this.socket = socket;
        this.terminal = terminal;
        this.starter = starter;
    }

    @Override
    public int execute(List<String> argv) {
        AtomicInteger interrupts = new AtomicInteger();
        try (FrameChannel channel = connectOrStart()) {
            terminal.onInterrupt(() -> interrupt(channel, interrupts.incrementAndGet()));
            channel.send(request(argv, true));
            return converse(channel);
        } catch (IOException e) {
            if (interrupts.get() >= ReplTerminal.PATIENCE) {
                terminal.left();
                return ExitStatuses.INTERRUPTED;
            }
            terminal.err(text("cannot finish the command: the engine is gone: " + e.getMessage()
                    + "; containers run on, and the next command starts another engine\n"));
            return ExitStatuses.RUNTIME_FAILED;
        }
    }

    /** Hangs up on a command that does not end. */
    private static void interrupt(FrameChannel channel, int count) {
        if (count < ReplTerminal.PATIENCE) {
            tell(channel, Frame.of(FrameType.SIGNAL, Signal.SIGINT));
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("hanging up on the engine", e);
        }
    }

    /** An engine ends when it is told to, and when this program is built anew. */
    private FrameChannel connectOrStart() throws IOException {
        try {
            return connect();
        } catch (IOException e) {
            LOG.info("the engine is gone, another is started", e);
            starter.start();
            return connect();
        }
    }

    private FrameChannel connect() throws IOException {
        return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private Frame request(List<String> argv, boolean tty) {
        return new Request(Request.VERSION, argv, System.getProperty("user.dir"), System.getenv(),
                new Request.Terminal(tty, tty, tty, tty ? terminal.rows() : 0, tty ? terminal.columns() : 0)).frame();
    }

    /** Until the engine says how the command has ended. */
    private int converse(FrameChannel channel) throws IOException {
        terminal.onResize(() -> tell(channel, Frame.resize(terminal.rows(), terminal.columns())));
        ReplKeyboard keyboard = keyboard(channel);
        try {
            for (Frame frame = next(channel);; frame = next(channel)) {
                switch (frame.type()) {
                    case STDOUT -> terminal.out(frame.payload());
                    case STDERR -> terminal.err(frame.payload());
                    case CREDIT -> keyboard.credit(frame.payload().getInt());
                    case RAW -> {
                        // A container begins or ends here: what is typed from now on is not for the one before.
                        keyboard.close();
                        keyboard = keyboard(channel);
                        mode(frame.payload().get() == 1);
                    }
                    case EXIT -> {
                        return frame.payload().getInt();
                    }
                    default -> throw new IOException("frame " + frame.type() + " from an engine");
                }
            }
        } finally {
            keyboard.close();
            terminal.onInterrupt(() -> { });
            terminal.onResize(() -> { });
            terminal.cooked();
        }
    }

    private ReplKeyboard keyboard(FrameChannel channel) {
        return new ReplKeyboard(terminal.keys(), typed -> tell(channel, new Frame(FrameType.STDIN, typed)),
                () -> tell(channel, Frame.of(FrameType.STDIN_EOF)));
    }

    private static Frame next(FrameChannel channel) throws IOException {
        Frame frame = channel.receive();
        if (frame == null) {
            throw new IOException("it closed the connection");
        }
        return frame;
    }

    private void mode(boolean raw) {
        if (raw) {
            terminal.raw();
        } else {
            terminal.cooked();
        }
    }

    /** A frame that does not arrive is no news: the engine's end of the connection is heard where it is read. */
    private static void tell(FrameChannel channel, Frame frame) {
        try {
            channel.send(frame);
        } catch (IOException e) {
            LOG.debug("the engine does not take {}", frame.type(), e);
        }
    }

    @Override
    public String output(List<String> argv) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (FrameChannel channel = connect()) {
            channel.send(request(argv, false));
            for (Frame frame = next(channel);; frame = next(channel)) {
                if (frame.type() == FrameType.STDOUT) {
                    printed.write(bytes(frame.payload()));
                } else if (frame.type() == FrameType.EXIT) {
                    return frame.payload().getInt() == 0 ? printed.toString(StandardCharsets.UTF_8) : "";
                }
            }
        } catch (IOException e) {
            LOG.debug("the engine does not answer", e);
            return "";
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
