package dev.tinydocker.container;

import java.util.EnumSet;
import java.util.Set;

/** Where a container is in its life. Stored by name. {@link #next()} is the one table of allowed transitions. */
public enum ContainerState {
    CREATED, STARTING, RUNNING, STOPPING, EXITED, DEAD, REMOVED;

    /** The states that may follow this one. */
    public Set<ContainerState> next() {
        return switch (this) {
            case CREATED, EXITED -> EnumSet.of(STARTING, DEAD, REMOVED);
            case STARTING -> EnumSet.of(RUNNING, EXITED, DEAD);
            case RUNNING -> EnumSet.of(STOPPING, EXITED, DEAD);
            case STOPPING -> EnumSet.of(EXITED, DEAD);
            case DEAD -> EnumSet.of(REMOVED);
            case REMOVED -> EnumSet.noneOf(ContainerState.class);
        };
    }

    /** Whether a process may be alive. */
    public boolean isAlive() {
        return this == STARTING || this == RUNNING || this == STOPPING;
    }
}
