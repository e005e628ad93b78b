package dev.tinydocker.shim;

import dev.tinydocker.plan.ShimStep;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A shim that starts, and does the first steps of its plan, while its engine does something else. Closed before it was
 * told to go on, it is ended. Used by one thread.
 */
public final class StartedShim implements AutoCloseable {

    private final ShimLauncher launcher;
    private CompletableFuture<ShimLauncher.Begun> begun;
    private List<ShimStep> plan = List.of();
    private boolean told;

    StartedShim(ShimLauncher launcher, CompletableFuture<ShimLauncher.Begun> begun) {
        this.launcher = launcher;
        this.begun = begun;
    }

    /** Gives it its plan, of which it does what comes before {@link ShimStep.AwaitHost}. Once only. */
    public void give(List<ShimStep> steps) {
        plan = steps;
        begun = launcher.give(begun, steps);
    }

    /**
     * Lets it go on: the host's steps are done. What becomes of the plan, or has become of it already, is told to the
     * listener. Once only, after {@link #give}.
     *
     * @param timed whether the listener is told how long each step took
     * @throws dev.tinydocker.linux.SyscallException if the shim could not be started
     */
    public ShimConnection goOn(@Nullable Stdio stdio, boolean timed, ShimConnection.Listener listener)
            throws IOException {
        try {
            ShimLauncher.Begun shim = begun.join();
            told = true;
            return launcher.goOn(shim, plan, Frame.of(FrameType.HOST), stdio, timed, listener);
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Ends it where it was not told to go on: what has failed meanwhile is the reason, not the shim. */
    @Override
    public void close() {
        if (!told) {
            begun.thenAccept(launcher::end).exceptionally(_ -> null).join();
        }
    }
}
