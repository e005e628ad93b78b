package dev.tinydocker.container;

import java.util.concurrent.CompletableFuture;

/** A user at a running container or exec. */
public interface Attachment {

    /** The container's id, or that of the exec. */
    String id();

    /**
     * Completes when the process has ended and its output was delivered: its exit code, 128 + n where signal n ended
     * it.
     */
    CompletableFuture<Integer> status();
}
