package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** A session whose input is something else's: whoever reads it finds its end. Everything else is the session's own. */
final class WithoutInput implements Session {

    private final Session session;

    WithoutInput(Session session) {
        this.session = session;
    }

    @Override
    public Path directory() {
        return session.directory();
    }

    @Override
    public Map<String, String> environment() {
        return session.environment();
    }

    @Override
    public Tty tty() {
        Tty tty = session.tty();
        return new Tty(false, tty.out(), tty.err(), tty.rows(), tty.columns());
    }

    @Override
    public PrintStream out() {
        return session.out();
    }

    @Override
    public PrintStream err() {
        return session.err();
    }

    @Override
    public InputStream in() {
        return InputStream.nullInputStream();
    }

    @Override
    public Stdio stdio(boolean raw) {
        return new EndedInput(session.stdio(false));
    }

    @Override
    public void restore() {
        session.restore();
    }

    @Override
    public Interest onInterrupt(Runnable action) {
        return session.onInterrupt(action);
    }

    /** Answers the first wish for input with its end, and never asks the user. */
    private static final class EndedInput extends ForwardingStdio {

        private volatile boolean ended;
        private volatile Input input = NOBODY;

        EndedInput(Stdio stdio) {
            super(stdio);
        }

        @Override
        public void connected(Input connected) {
            input = connected;
            super.connected(new WithoutStdin(connected));
        }

        @Override
        public void credit(int bytes) {
            if (!ended) {
                ended = true;
                input.stdinEof();
            }
        }
    }

    private static final Stdio.Input NOBODY = new Stdio.Input() {
        @Override
        public void stdin(ByteBuffer bytes) {
        }

        @Override
        public void stdinEof() {
        }

        @Override
        public void resize(int rows, int columns) {
        }

        @Override
        public void signal(int signal) {
        }

        @Override
        public void unwanted() {
        }

        @Override
        public void leave() {
        }
    };

    /** What a user sends but for the input, which is somebody else's. */
    private static final class WithoutStdin extends ForwardingStdio.ForwardingInput {

        WithoutStdin(Stdio.Input process) {
            super(process);
        }

        @Override
        public void stdin(ByteBuffer bytes) {
        }

        @Override
        public void stdinEof() {
        }
    }
}
