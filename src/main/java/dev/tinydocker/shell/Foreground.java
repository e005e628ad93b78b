package dev.tinydocker.shell;

import dev.tinydocker.container.Attachment;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shim.Stdio;

import java.util.function.Function;

/** Lends the user's terminal to a process in a container until it ends. */
final class Foreground {

    private Foreground() {
    }

    /**
     * Refuses to join a container's terminal with an input that is none: key strokes would not arrive as they should.
     *
     * @throws InvalidRequest where both a terminal and input are wanted, and the user's input is no terminal
     */
    static void check(String what, boolean tty, boolean input, Session session) {
        if (tty && input && !session.tty().in()) {
            throw new InvalidRequest(what, "the input device is not a TTY",
                    "leave -t out where input comes from a file or a pipe");
        }
    }

    /**
     * Starts or joins the process, and returns its exit status when it has ended.
     *
     * @param keys the user's key strokes go to a terminal of the process, unchanged
     */
    static int run(Session session, boolean keys, Function<Stdio, Attachment> start) {
        session.out().flush();
        Stdio stdio = session.stdio(keys && session.tty().in());
        try {
            return start.apply(stdio).await();
        } finally {
            session.restore();
        }
    }
}
