package dev.tinydocker.container;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A container as it stands in the record.
 *
 * @param id 64 hexadecimal digits
 * @param pid of its first process as the host numbers it, null where it does not run
 * @param argv what is executed: entrypoint and command
 * @param exitCode null before the first exit
 * @param error why it could not start or how it was lost, null where nothing went wrong
 * @param health what its checks have found, null where it has none
 */
public record Container(String id, String name, String image, List<String> argv, ContainerSpec spec,
        ContainerState state, @Nullable Integer pid, Instant createdAt, @Nullable Instant startedAt,
        @Nullable Instant finishedAt, @Nullable Integer exitCode, boolean oomKilled, @Nullable String error,
        @Nullable Health health) {

    /** The first 12 digits, as people are shown it. */
    public String shortId() {
        return id.substring(0, 12);
    }

    /** What others on its networks call it beside its id, its name first. */
    public List<String> names() {
        String hostname = spec.hostname();
        return hostname == null || hostname.equals(name) ? List.of(name) : List.of(name, hostname);
    }

    /** The same container, ended just now. */
    Container ended(int status) {
        return new Container(id, name, image, argv, spec, ContainerState.EXITED, null, createdAt, startedAt,
                Instant.now(), status, oomKilled, error, health);
    }

    /** The same container with another wish. */
    Container with(ContainerSpec other) {
        return new Container(id, name, image, argv, other, state, pid, createdAt, startedAt, finishedAt, exitCode,
                oomKilled, error, health);
    }

    Container with(@Nullable Health found) {
        return new Container(id, name, image, argv, spec, state, pid, createdAt, startedAt, finishedAt, exitCode,
                oomKilled, error, found);
    }

    /**
     * Whether it has ended and is about to be gone, since it was started with {@code --rm}; nobody is shown it any
     * more.
     */
    boolean isLeaving() {
        return state == ContainerState.EXITED && spec.autoRemove();
    }
}
