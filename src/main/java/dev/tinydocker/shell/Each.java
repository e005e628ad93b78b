package dev.tinydocker.shell;

import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * Does something to everything that was named, all at the same time: some take their time to stop. Answers come in
 * the order of the names.
 */
final class Each {

    private static final int AT_ONCE = 32;

    private Each() {
    }

    /**
     * Does it, and prints what the deed returns for each that went well, where that is not empty, and a line for each
     * that did not.
     *
     * @return 0 where all went well, 130 after a Ctrl-C, which ends the waiting but not the deeds
     */
    static int of(Invocation invocation, UnaryOperator<String> deed) {
        List<String> references = invocation.arguments();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, references.size()),
                Thread.ofPlatform().daemon().name("each-", 0).factory());
        List<CompletableFuture<String>> deeds = references.stream().map(_ -> new CompletableFuture<String>()).toList();
        try (Session.Interest _ = invocation.session().onInterrupt(() -> deeds.forEach(doing -> doing.cancel(false)))) {
            for (int i = 0; i < deeds.size(); i++) {
                String reference = references.get(i);
                deeds.get(i).completeAsync(() -> deed.apply(reference), threads);
            }
            threads.shutdown();
            int status = 0;
            for (CompletableFuture<String> doing : deeds) {
                status = Math.max(status, answer(invocation.session(), doing));
            }
            return status;
        }
    }

    /**
     * The same for a removal. As in Docker: who forces it wants it to be gone, and is told that it was.
     *
     * @param force whether one that is not there is fine
     */
    static int removal(Invocation invocation, boolean force, UnaryOperator<String> deed) {
        return of(invocation, reference -> {
            try {
                return deed.apply(reference);
            } catch (NotFound gone) {
                if (!force) {
                    throw gone;
                }
                invocation.err().println(gone.line());
                return "";
            }
        });
    }

    private static int answer(Session session, CompletableFuture<String> doing) {
        try {
            String answer = doing.join();
            if (!answer.isEmpty()) {
                session.out().println(answer);
                session.out().flush();
            }
            return 0;
        } catch (CancellationException e) {
            return ExitStatuses.INTERRUPTED;
        } catch (CompletionException e) {
            if (e.getCause() instanceof Problem problem) {
                session.err().println(problem.line());
                return ExitStatuses.FAILED;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
