package dev.tinydocker.shim;

import dev.tinydocker.plan.ShimStep;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A shim that starts, and does the first steps of its plan, while its engine does something else. Closed before it was
 * told to go on, it is ended. Used by one thread.
 */
public final class StartedShim implements AutoCloseable {

    private final ShimLauncher launcher;
    private final CompletableFuture<ShimLauncher.Begun> begun;
    private @Nullable CompletableFuture<ShimConnection> given;
    private boolean waits;
    private boolean told;

    StartedShim(ShimLauncher launcher, CompletableFuture<ShimLauncher.Begun> begun) {
        this.launcher = launcher;
        this.begun = begun;
    }

    /**
     * Gives it its plan, of which it does what comes before {@link ShimStep.AwaitHost}. Once only.
     *
     * @param stdio whose terminal's size it begins with; attached by {@link #goOn}
     * @param listener told of nothing before {@link #goOn} but that the process is there, where the plan has an
     *            {@link ShimStep.Await}
     */
    public void give(List<ShimStep> plan, @Nullable Stdio stdio, ShimConnection.Listener listener) {
        waits = ShimLauncher.waits(plan);
        given = launcher.give(begun, plan, stdio, listener);
    }

    /**
     * Lets it go on: the host's steps are done. What becomes of the plan, or has become of it already, is told to the
     * listener. Once only, after {@link #give}.
     *
     * @param timed whether the listener is told how long each step took
     * @throws dev.tinydocker.linux.SyscallException if the shim could not be started
     */
    public ShimConnection goOn(@Nullable Stdio stdio, boolean timed) throws IOException {
        try {
            ShimConnection connection = Objects.requireNonNull(given).join();
            told = true;
            return launcher.goOn(connection, Frame.of(FrameType.HOST), stdio, timed, !waits);
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Ends its process before it is told to go on, after {@link #give}. @param told how far its steps have come */
    public void end(ShimConnection.Listener told) {
        Objects.requireNonNull(given).thenAccept(connection -> connection.endStart(told)).exceptionally(_ -> null)
                .join();
    }

    /**
     * Ends it where it was not told to go on: what has failed meanwhile is the reason, not the shim. Then the listener
     * does nothing any more.
     */
    @Override
    public void close() {
        if (told) {
            return;
        }
        begun.thenAccept(launcher::end).exceptionally(_ -> null).join();
        if (given != null) {
            given.thenAccept(ShimConnection::endStart).exceptionally(_ -> null).join();
        }
    }
}
