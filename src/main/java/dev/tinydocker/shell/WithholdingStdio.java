package dev.tinydocker.shell;

import dev.tinydocker.linux.Signal;
import dev.tinydocker.shim.Stdio;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.IntConsumer;

/** A user's streams, whose input, signals, or both the process does not get. */
final class WithholdingStdio implements Stdio {

    /** SIGHUP, SIGINT, SIGQUIT and SIGTERM, which end a program that does not say otherwise. */
    private static final Set<Integer> ENDING = Set.of(1, Signal.SIGINT, 3, Signal.SIGTERM);

    private final Stdio user;
    private final boolean input;
    private final boolean signals;
    private final IntConsumer left;

    /** @param left told the signal with which the user has left a process that gets none */
    WithholdingStdio(Stdio user, boolean input, boolean signals, IntConsumer left) {
        this.user = user;
        this.input = input;
        this.signals = signals;
        this.left = left;
    }

    @Override
    public void connected(Input process) {
        user.connected(new Withheld(process));
    }

    @Override
    public void stdout(ByteBuffer bytes) {
        user.stdout(bytes);
    }

    @Override
    public void stderr(ByteBuffer bytes) {
        user.stderr(bytes);
    }

    /** Without credit nothing is read from the user. */
    @Override
    public void credit(int bytes) {
        if (input) {
            user.credit(bytes);
        }
    }

    private final class Withheld implements Input {

        private final Input process;

        Withheld(Input process) {
            this.process = process;
        }

        @Override
        public void stdin(ByteBuffer bytes) {
            if (input) {
                process.stdin(bytes);
            }
        }

        @Override
        public void stdinEof() {
            if (input) {
                process.stdinEof();
            }
        }

        @Override
        public void resize(int rows, int columns) {
            process.resize(rows, columns);
        }

        @Override
        public void signal(int signal) {
            if (signals) {
                process.signal(signal);
            } else if (ENDING.contains(signal)) {
                process.leave();
                left.accept(signal);
            }
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
