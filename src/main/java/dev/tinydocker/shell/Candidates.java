package dev.tinydocker.shell;

/** What may be written at a place of a command line; decides what is offered for completion. */
enum Candidates {
    /** Anything: nothing is offered. */
    NOTHING,
    COMMAND,
    CONTAINER,
    /** {@code CONTAINER:PATH}, or a file of the user's host. */
    COPY,
    RUNNING_CONTAINER,
    /** A container, or a subject of {@code explain}; after a subject, a container. */
    EXPLAINED,
    /** A container, or {@code host}. */
    CONTAINER_OR_HOST,
    /** An image, or a container: what has a history. */
    IMAGE_OR_CONTAINER,
    IMAGE,
    ROOTFS,
    /** Of the user's host, as a directory is. */
    FILE,
    DIRECTORY,
    /** A file of the host that the engine is on. */
    DEVICE,
    SIGNAL,
    NETWORK,
    /** The one, then the other. */
    NETWORK_AND_CONTAINER,
    NETWORK_DRIVER,
    VOLUME,
    PULL_POLICY,
    /** What a plan can be written as. */
    LANGUAGE,
    LESSON
}
