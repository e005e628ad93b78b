package dev.tinydocker.shell;

/** What may be written at a place of a command line; decides what is offered for completion. */
enum Candidates {
    /** Anything: nothing is offered. */
    NOTHING,
    COMMAND,
    CONTAINER,
    /** {@code CONTAINER:PATH}, or a file of this host. */
    COPY,
    RUNNING_CONTAINER,
    IMAGE,
    ROOTFS,
    FILE,
    DIRECTORY,
    SIGNAL,
    NETWORK,
    /** The one, then the other. */
    NETWORK_AND_CONTAINER,
    NETWORK_DRIVER,
    PULL_POLICY
}
