package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;

import java.nio.ByteBuffer;

/** A user's streams, watched for the keys with which the user leaves: those keys, and what follows, reach nobody. */
final class DetachingStdio implements Stdio {

    private final Stdio user;
    private final DetachKeys keys;
    private final Runnable left;

    /** @param left told once, when the user has left */
    DetachingStdio(Stdio user, DetachKeys keys, Runnable left) {
        this.user = user;
        this.keys = keys;
        this.left = left;
    }

    @Override
    public void connected(Input input) {
        user.connected(new Watched(input));
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

    private final class Watched implements Input {

        private final Input process;
        /** How many of the keys were typed; they are held back until the next byte tells what they are. */
        private int held;
        private boolean gone;

        Watched(Input process) {
            this.process = process;
        }

        @Override
        public synchronized void stdin(ByteBuffer bytes) {
            ByteBuffer through = ByteBuffer.allocate(held + bytes.remaining());
            while (bytes.hasRemaining() && held < keys.length()) {
                byte typed = bytes.get();
                if (typed != keys.code(held)) {
                    release(through);
                }
                if (typed == keys.code(held)) {
                    held++;
                } else {
                    through.put(typed);
                }
            }
            if (through.flip().hasRemaining()) {
                process.stdin(through);
            }
            if (held == keys.length() && !gone) {
                gone = true;
                process.leave();
                left.run();
            }
        }

        private void release(ByteBuffer through) {
            for (int i = 0; i < held; i++) {
                through.put(keys.code(i));
            }
            held = 0;
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
