package dev.tinydocker.container;

import dev.tinydocker.shim.ShimConnection;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/**
 * A container whose shim this engine is connected to. {@code running} completes when execve has succeeded, or with the
 * problem that prevented it; {@code exited} with the exit status, once that is recorded; {@code cleaned} when nothing
 * of the run is left.
 */
final class Live {

    final String id;
    final CompletableFuture<Void> running = new CompletableFuture<>();
    final CompletableFuture<Integer> exited = new CompletableFuture<>();
    final CompletableFuture<Void> cleaned = new CompletableFuture<>();
    private final CompletableFuture<ShimConnection> connection = new CompletableFuture<>();
    volatile int pid;
    /** Told of the start, where somebody wants to know. */
    volatile @Nullable Explanation explanation;
    /** The kind of step that failed, where one did; what is not a step's fault is the shim's. */
    volatile String failedStep = "shim";

    Live(String id) {
        this.id = id;
    }

    /** There is a way to its shim from now on. */
    void connected(ShimConnection shim) {
        connection.complete(shim);
    }

    /**
     * Sends a signal to the first process, as soon as one that is being started can hear it; nothing happens where it
     * has ended.
     */
    void signal(int signal) {
        connection.thenAccept(shim -> shim.signal(signal));
    }
}
