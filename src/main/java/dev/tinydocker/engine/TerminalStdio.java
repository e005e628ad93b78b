package dev.tinydocker.engine;

import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** The terminal of this JVM as a container's standard streams. */
final class TerminalStdio implements Stdio, AutoCloseable {

    private final ReplTerminal terminal;
    private final ReplKeyboard keyboard;
    private @Nullable Input container;
    private boolean abandoned;

    TerminalStdio(ReplTerminal terminal) {
        this.terminal = terminal;
        this.keyboard = new ReplKeyboard(terminal.keys(), bytes -> input().stdin(bytes), () -> input().stdinEof());
    }

    @Override
    public Size size() {
        return new Size(terminal.rows(), terminal.columns());
    }

    @Override
    public synchronized void connected(Input input) {
        container = input;
        if (terminal.rows() > 0) {
            input.resize(terminal.rows(), terminal.columns());
        }
        if (abandoned) {
            input.unwanted();
        }
    }

    private synchronized Input input() {
        if (container == null) {
            throw new IllegalStateException("not connected");
        }
        return container;
    }

    @Override
    public void stdout(ByteBuffer bytes) {
        if (!isAbandoned()) {
            terminal.out(bytes);
        }
        bytes.position(bytes.limit());
    }

    @Override
    public void stderr(ByteBuffer bytes) {
        if (!isAbandoned()) {
            terminal.err(bytes);
        }
        bytes.position(bytes.limit());
    }

    @Override
    public void credit(int bytes) {
        if (!isAbandoned()) {
            keyboard.credit(bytes);
        }
    }

    synchronized void resize() {
        if (container != null) {
            container.resize(terminal.rows(), terminal.columns());
        }
    }

    /** Passes a signal on; false where there is no container yet that could take it. */
    synchronized boolean signal(int number) {
        if (container != null) {
            container.signal(number);
        }
        return container != null;
    }

    private synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** The user has gone: nothing more is shown; a container that is not there yet is killed as soon as it is. */
    synchronized void abandon() {
        abandoned = true;
        if (container != null) {
            container.leave();
        }
    }

    /** Reads no more of what is typed. */
    @Override
    public void close() {
        keyboard.close();
    }
}
