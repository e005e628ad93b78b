package dev.tinydocker.security;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Which walls a user wants around a container; kept with it as JSON.
 *
 * @param privileged {@code --privileged}: none at all
 * @param capAdd names as {@link Capability#name} gives them
 * @param capDrop as well
 */
public record SecurityWish(boolean privileged, List<String> capAdd, List<String> capDrop) {

    /** What a container has that nobody has said more of. */
    public static final SecurityWish DEFAULT = new SecurityWish(false, List.of(), List.of());

    public SecurityWish(boolean privileged, @Nullable List<String> capAdd, @Nullable List<String> capDrop) {
        this.privileged = privileged;
        this.capAdd = capAdd == null ? List.of() : List.copyOf(capAdd);
        this.capDrop = capDrop == null ? List.of() : List.copyOf(capDrop);
    }

    /** The same wish for a process that gets every capability. */
    public SecurityWish withAllCapabilities() {
        return new SecurityWish(privileged, List.of(Capability.ALL), List.of());
    }
}
