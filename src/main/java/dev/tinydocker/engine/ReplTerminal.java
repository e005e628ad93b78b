package dev.tinydocker.engine;

import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlocking;
import org.jline.utils.NonBlockingInputStream;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;

/** The terminal the interactive shell runs at, as commands see it between two prompts. */
final class ReplTerminal implements AutoCloseable {

    private final Terminal terminal;
    private final Attributes cooked;
    private final NonBlockingInputStream input;
    private final OutputStream error;

    /**
     * @param terminal closed with this
     * @param input the terminal's, which must be able to peek
     * @param error where standard error goes
     */
    ReplTerminal(Terminal terminal, NonBlockingInputStream input, OutputStream error) {
        this.terminal = terminal;
        this.cooked = terminal.getAttributes();
        this.input = input;
        this.error = error;
    }

    /**
     * The terminal on standard input and output. Signals of its keys do nothing where nobody asked for them: Ctrl-Z must not
     * suspend the engine.
     */
    static ReplTerminal open() throws IOException {
        Terminal terminal = TerminalBuilder.builder().name("tiny").system(true).dumb(true).nativeSignals(true)
                .signalHandler(SignalHandler.SIG_IGN).build();
        return new ReplTerminal(terminal, NonBlocking.nonBlocking("tiny", terminal.input()), new FileOutputStream(FileDescriptor.err));
    }

    Terminal line() {
        return terminal;
    }

    /** Key strokes as they come; nothing is echoed and no key is special, termios(3) cfmakeraw. */
    void raw() {
        Attributes raw = new Attributes(cooked);
        raw.setInputFlags(EnumSet.of(InputFlag.IGNBRK, InputFlag.BRKINT, InputFlag.PARMRK, InputFlag.ISTRIP, InputFlag.INLCR,
                InputFlag.IGNCR, InputFlag.ICRNL, InputFlag.IXON), false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setLocalFlags(EnumSet.of(LocalFlag.ECHO, LocalFlag.ECHONL, LocalFlag.ICANON, LocalFlag.ISIG, LocalFlag.IEXTEN), false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
    }

    /** As it was found. */
    void cooked() {
        terminal.setAttributes(cooked);
    }

    int rows() {
        return terminal.getHeight();
    }

    int columns() {
        return terminal.getWidth();
    }

    /** What is typed. Reading waits; peeking with a time does not. */
    NonBlockingInputStream input() {
        return input;
    }

    /** Does this on Ctrl-C, or nothing, until the next call. */
    void onInterrupt(Runnable action) {
        terminal.handle(Signal.INT, _ -> action.run());
    }

    /** Does this whenever the terminal changes its size, until the next call. */
    void onResize(Runnable action) {
        terminal.handle(Signal.WINCH, _ -> action.run());
    }

    /** Writes all remaining bytes to the terminal. */
    void out(ByteBuffer bytes) {
        write(terminal.output(), bytes);
    }

    /** Writes all remaining bytes to standard error. */
    void err(ByteBuffer bytes) {
        write(error, bytes);
    }

    private synchronized void write(OutputStream stream, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        try {
            stream.write(copy);
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
