package dev.tinydocker.plan;

/** What is made where a mount's target is missing; the ordinal travels on the wire. */
public enum MountPoint {
    EXISTING, DIRECTORY, FILE
}
