package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;

import java.nio.ByteBuffer;

/** A user's streams as they are, for whoever changes one thing about them. */
abstract class ForwardingStdio implements Stdio {

    private final Stdio user;

    ForwardingStdio(Stdio user) {
        this.user = user;
    }

    @Override
    public Size size() {
        return user.size();
    }

    @Override
    public void connected(Input process) {
        user.connected(process);
    }

    @Override
    public void stdout(ByteBuffer bytes) {
        user.stdout(bytes);
    }

    @Override
    public void stderr(ByteBuffer bytes) {
        user.stderr(bytes);
    }

    @Override
    public void credit(int bytes) {
        user.credit(bytes);
    }

    /** What a user sends, as it is. */
    abstract static class ForwardingInput implements Input {

        private final Input process;

        ForwardingInput(Input process) {
            this.process = process;
        }

        @Override
        public void stdin(ByteBuffer bytes) {
            process.stdin(bytes);
        }

        @Override
        public void stdinEof() {
            process.stdinEof();
        }

        @Override
        public void resize(int rows, int columns) {
            process.resize(rows, columns);
        }

        @Override
        public void signal(int signal) {
            process.signal(signal);
        }

        @Override
        public void unwanted() {
            process.unwanted();
        }

        @Override
        public void leave() {
            process.leave();
        }
    }
}
