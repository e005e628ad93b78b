package dev.tinydocker.container;

/** A user at a running container or exec. */
public interface Attachment {

    /** The container's id, or that of the exec. */
    String id();

    /**
     * Waits for the process to end and for its output to be delivered. Returns its exit code, 128 + n where signal n
     * ended it.
     */
    int await();
}
