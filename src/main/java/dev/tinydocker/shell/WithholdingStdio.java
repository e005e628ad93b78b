package dev.tinydocker.shell;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.shim.Stdio;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.IntConsumer;

/** A user's streams, whose input, signals, or both the process does not get. */
final class WithholdingStdio extends ForwardingStdio {

    /** SIGHUP, SIGINT, SIGQUIT and SIGTERM, which end a program that does not say otherwise. */
    private static final Set<Integer> ENDING = Set.of(1, Signal.SIGINT, 3, Signal.SIGTERM);

    private final boolean input;
    private final boolean signals;
    private final IntConsumer left;

    /** @param left told the signal with which the user has left a process that gets none */
    WithholdingStdio(Stdio user, boolean input, boolean signals, IntConsumer left) {
        super(user);
        this.input = input;
        this.signals = signals;
        this.left = left;
    }

    @Override
    public void connected(Input process) {
        super.connected(new Withheld(process));
    }

    /** Without credit nothing is read from the user. */
    @Override
    public void credit(int bytes) {
        if (input) {
            super.credit(bytes);
        }
    }

    private final class Withheld extends ForwardingInput {

        Withheld(Input process) {
            super(process);
        }

        @Override
        public void stdin(ByteBuffer bytes) {
            if (input) {
                super.stdin(bytes);
            }
        }

        @Override
        public void stdinEof() {
            if (input) {
                super.stdinEof();
            }
        }

        @Override
        public void signal(int signal) {
            if (signals) {
                super.signal(signal);
            } else if (ENDING.contains(signal)) {
                leave();
                left.accept(signal);
            }
        }
    }
}
