package dev.tinydocker.engine;

import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/** The terminal the interactive shell runs at, as commands see it between two prompts. */
final class ReplTerminal implements AutoCloseable {

    /**
     * The Ctrl-C that no longer goes to a container that ignores it: process 1 is not ended by a signal it does not
     * handle.
     */
    static final int PATIENCE = 3;

    /** What a terminal is taken for that does not know its size, as one that ssh -tt has made: a VT100. */
    private static final Size UNKNOWN = new Size(80, 24);

    /** What is told to who leaves a command that goes on. */
    static final String LEFT = "\nleft alone; a container that was started runs on, see 'ps'\n";

    private final Terminal terminal;
    private final Attributes cooked;
    private final ReplKeys keys;
    private final OutputStream error;

    /**
     * @param terminal closed with this; one that does not know its size is given one, since a prompt is cut to it
     * @param keys what is typed at it
     * @param error where standard error goes
     */
    ReplTerminal(Terminal terminal, ReplKeys keys, OutputStream error) {
        this.terminal = terminal;
        if (terminal.getWidth() == 0) {
            terminal.setSize(UNKNOWN);
        }
        this.cooked = terminal.getAttributes();
        this.keys = keys;
        this.error = error;
    }

    /**
     * The terminal on standard input and output. Signals of its keys do nothing where nobody asked for them: Ctrl-Z
     * must not suspend the engine.
     */
    static ReplTerminal open() throws IOException {
        Terminal terminal = TerminalBuilder.builder().name("tiny").system(true).dumb(true)
                .encoding(StandardCharsets.UTF_8).stdinEncoding(StandardCharsets.UTF_8)
                .stdoutEncoding(StandardCharsets.UTF_8).nativeSignals(true).signalHandler(SignalHandler.SIG_IGN)
                .build();
        return new ReplTerminal(terminal, ReplKeys.STANDARD_INPUT, new FileOutputStream(FileDescriptor.err));
    }

    Terminal line() {
        return terminal;
    }

    /** Key strokes as they come; nothing is echoed and no key is special, termios(3) cfmakeraw. */
    void raw() {
        Attributes raw = new Attributes(cooked);
        raw.setInputFlags(EnumSet.of(InputFlag.IGNBRK, InputFlag.BRKINT, InputFlag.PARMRK, InputFlag.ISTRIP,
                InputFlag.INLCR, InputFlag.IGNCR, InputFlag.ICRNL, InputFlag.IXON), false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setLocalFlags(EnumSet.of(LocalFlag.ECHO, LocalFlag.ECHONL, LocalFlag.ICANON, LocalFlag.ISIG,
                LocalFlag.IEXTEN), false);
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

    /** What is typed between two prompts. */
    ReplKeys keys() {
        return keys;
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

    /** Tells that a command goes on without its user. */
    void left() {
        err(ByteBuffer.wrap(LEFT.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
