package dev.tinydocker.shell;

import dev.tinydocker.shim.Stdio;

import java.nio.ByteBuffer;

/** A user's streams, watched for the keys with which the user leaves: those keys, and what follows, reach nobody. */
final class DetachingStdio extends ForwardingStdio {

    private final DetachKeys keys;
    private final Runnable left;

    /** @param left told once, when the user has left */
    DetachingStdio(Stdio user, DetachKeys keys, Runnable left) {
        super(user);
        this.keys = keys;
        this.left = left;
    }

    @Override
    public void connected(Input input) {
        super.connected(new Watched(input));
    }

    private final class Watched extends ForwardingInput {

        /** How many of the keys were typed; they are held back until the next byte tells what they are. */
        private int held;
        private boolean gone;

        Watched(Input process) {
            super(process);
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
                super.stdin(through);
            }
            if (held == keys.length() && !gone) {
                gone = true;
                leave();
                left.run();
            }
        }

        private void release(ByteBuffer through) {
            for (int i = 0; i < held; i++) {
                through.put(keys.code(i));
            }
            held = 0;
        }
    }
}
