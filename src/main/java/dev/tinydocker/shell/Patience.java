package dev.tinydocker.shell;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does what takes long, on a thread of its own, until the user presses Ctrl-C. */
final class Patience {

    private Patience() {
    }

    /**
     * Does it and waits for its end.
     *
     * @return 0, or 130 where the user did not want to wait: then it is interrupted, and ends by itself
     */
    static int of(Session session, Runnable work) {
        FutureTask<Boolean> task = new FutureTask<>(work, true);
        try (Session.Interest _ = session.onInterrupt(() -> task.cancel(true))) {
            Thread.ofPlatform().daemon().name("transfer").start(task);
            task.get();
            return 0;
        } catch (CancellationException e) {
            return ExitStatuses.INTERRUPTED;
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return ExitStatuses.INTERRUPTED;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
