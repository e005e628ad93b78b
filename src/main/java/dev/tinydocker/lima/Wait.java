package dev.tinydocker.lima;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A user's wait for what takes long: it ends with Ctrl-C, or where a client has gone. No thread is interrupted for it:
 * that would close the connection which the thread writes to.
 */
final class Wait {

    private static final ScopedValue<Wait> CURRENT = ScopedValue.newInstance();

    private final CompletableFuture<Object> over = new CompletableFuture<>();

    /** Does it while that user waits: what is awaited in there ends with the wait. */
    <T> T during(Supplier<T> deed) {
        return ScopedValue.where(CURRENT, this).call(deed::get);
    }

    /** The user does not wait any more. */
    void end() {
        over.completeExceptionally(new Interrupted());
    }

    /**
     * What has come of it.
     *
     * @throws Interrupted where the user of this thread did not wait
     * @throws TimeoutException where it takes longer than that
     * @throws CompletionException where it failed
     */
    static <T> T await(CompletableFuture<T> event, Duration patience) throws TimeoutException {
        CompletableFuture<?> first = CURRENT.isBound() ? CompletableFuture.anyOf(event, CURRENT.get().over) : event;
        try {
            first.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return event.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Interrupted interrupted ? interrupted : new CompletionException(e.getCause());
        }
    }
}
