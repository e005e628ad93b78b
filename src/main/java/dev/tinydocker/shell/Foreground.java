package dev.tinydocker.shell;

import dev.tinydocker.container.Attachment;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
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

    /** Starts or joins the process, which gets all that the user types and sends. */
    static int run(Session session, @Nullable DetachKeys keys, Function<Stdio, Attachment> start) {
        return run(session, keys, true, true, start);
    }

    /**
     * Starts or joins the process, and returns its exit status when it has ended. Where the user has left it before: 0,
     * or 128 and the number of the signal that the process did not get.
     *
     * @param keys where the user's key strokes go to a terminal of the process, unchanged: those with which to leave;
     *            null where they do not
     * @param input whether the process gets the user's input
     * @param signals whether it gets the user's signals
     */
    static int run(Session session, @Nullable DetachKeys keys, boolean input, boolean signals,
            Function<Stdio, Attachment> start) {
        session.out().flush();
        DetachKeys watched = session.tty().in() ? keys : null;
        Stdio stdio = session.stdio(watched != null);
        CompletableFuture<Integer> left = new CompletableFuture<>();
        if (!input || !signals) {
            stdio = new WithholdingStdio(stdio, input, signals, signal -> left.complete(128 + signal));
        }
        try {
            Attachment attached = start
                    .apply(watched == null ? stdio : new DetachingStdio(stdio, watched, () -> left.complete(0)));
            CompletableFuture.anyOf(attached.status(), left).join();
            if (attached.status().isDone()) {
                return attached.status().join();
            }
        } finally {
            session.restore();
        }
        session.err().println();
        session.err().println("left; it runs on");
        return left.join();
    }
}
