package dev.tinydocker.engine;

import dev.tinydocker.shell.ExitStatuses;
import dev.tinydocker.shell.Session;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/** Executes commands in this JVM, which is the engine. */
final class LocalExecutor implements CommandExecutor {

    /** No exit status. */
    private static final int LEFT = -1;

    private final ToIntFunction<List<String>> dispatcher;
    private final ReplTerminal terminal;

    /** @param dispatcher executes words for the session that is bound */
    LocalExecutor(ToIntFunction<List<String>> dispatcher, ReplTerminal terminal) {
        this.dispatcher = dispatcher;
        this.terminal = terminal;
    }

    /**
     * The command has a thread of its own: one that cannot be interrupted is left to itself, and the user gets the
     * prompt.
     */
    @Override
    public int execute(List<String> argv) {
        TerminalSession session = new TerminalSession(terminal);
        CompletableFuture<Integer> status = new CompletableFuture<>();
        terminal.onInterrupt(() -> {
            if (!session.interrupt()) {
                status.complete(LEFT);
            }
        });
        Thread.ofPlatform().daemon().name("command").start(() -> {
            try {
                status.complete(execute(argv, session));
            } catch (RuntimeException | Error e) {
                status.completeExceptionally(e);
            }
        });
        try {
            int ended = status.join();
            if (ended == LEFT) {
                terminal.left();
                return ExitStatuses.INTERRUPTED;
            }
            return ended;
        } finally {
            terminal.onInterrupt(() -> { });
            session.end();
        }
    }

    @Override
    public String output(List<String> argv) {
        CapturingSession session = new CapturingSession();
        return execute(argv, session) == 0 ? session.printed() : "";
    }

    private int execute(List<String> argv, Session session) {
        return ScopedValue.where(Session.CURRENT, session).call(() -> dispatcher.applyAsInt(argv));
    }
}
