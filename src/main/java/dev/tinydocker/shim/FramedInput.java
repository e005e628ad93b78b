package dev.tinydocker.shim;

import java.nio.ByteBuffer;

/** What a user gives to a process, as frames to who holds its streams. */
public abstract class FramedInput implements Stdio.Input {

    /** Sends them in one go; that they do not arrive is heard elsewhere. */
    protected abstract void send(Frame... frames);

    @Override
    public void stdin(ByteBuffer bytes) {
        send(new Frame(FrameType.STDIN, bytes));
    }

    @Override
    public void stdinEof() {
        send(Frame.of(FrameType.STDIN_EOF));
    }

    @Override
    public void resize(int rows, int columns) {
        send(Frame.resize(rows, columns));
    }

    @Override
    public void signal(int signal) {
        send(Frame.of(FrameType.SIGNAL, signal));
    }
}
