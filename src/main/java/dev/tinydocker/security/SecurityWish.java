package dev.tinydocker.security;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which walls a user wants around a container; kept with it as JSON.
 *
 * @param privileged {@code --privileged}: none at all
 * @param capAdd names as {@link Capability#name} gives them
 * @param capDrop as well
 * @param noNewPrivileges null where neither the user nor the image says
 * @param seccomp {@link #UNCONFINED}, or the text of a profile; null for the built-in one
 * @param unmasked paths below /proc and /sys that are shown as they are, or {@link #ALL}
 */
public record SecurityWish(boolean privileged, List<String> capAdd, List<String> capDrop,
        @Nullable Boolean noNewPrivileges, @Nullable String seccomp, List<String> unmasked) {

    /** What a container has that nobody has said more of. */
    public static final SecurityWish DEFAULT = new SecurityWish(false, List.of(), List.of(), null, null, List.of());

    /** No filter of system calls. */
    public static final String UNCONFINED = "unconfined";

    /** Every path. */
    public static final String ALL = "ALL";

    /** With the value {@code false}, the label of an image whose programs need set-uid files. */
    public static final String LABEL = "dev.tinydocker.no-new-privileges";

    public SecurityWish(boolean privileged, @Nullable List<String> capAdd, @Nullable List<String> capDrop,
            @Nullable Boolean noNewPrivileges, @Nullable String seccomp, @Nullable List<String> unmasked) {
        this.privileged = privileged;
        this.capAdd = capAdd == null ? List.of() : List.copyOf(capAdd);
        this.capDrop = capDrop == null ? List.of() : List.copyOf(capDrop);
        this.noNewPrivileges = noNewPrivileges;
        this.seccomp = seccomp;
        this.unmasked = unmasked == null ? List.of() : List.copyOf(unmasked);
    }

    /** The same wish for a container with labels, its image's among them. */
    public SecurityWish on(Map<String, String> labels) {
        boolean needed = "false".equals(labels.get(LABEL));
        return noNewPrivileges == null && needed ? withNoNewPrivileges(false) : this;
    }

    /** The same wish for a process that gets every capability. */
    public SecurityWish withAllCapabilities() {
        return new SecurityWish(privileged, List.of(Capability.ALL), List.of(), noNewPrivileges, seccomp, unmasked);
    }

    SecurityWish withNoNewPrivileges(boolean set) {
        return new SecurityWish(privileged, capAdd, capDrop, set, seccomp, unmasked);
    }

    SecurityWish withSeccomp(@Nullable String profile) {
        return new SecurityWish(privileged, capAdd, capDrop, noNewPrivileges, profile, unmasked);
    }

    SecurityWish unmasking(List<String> more) {
        List<String> all = new ArrayList<>(unmasked);
        all.addAll(more);
        return new SecurityWish(privileged, capAdd, capDrop, noNewPrivileges, seccomp, all);
    }

    /** What was asked, in the words of {@code --security-opt}. */
    public List<String> options() {
        List<String> options = new ArrayList<>();
        if (noNewPrivileges != null) {
            options.add("no-new-privileges=" + noNewPrivileges);
        }
        if (seccomp != null) {
            options.add("seccomp=" + seccomp);
        }
        if (!unmasked.isEmpty()) {
            options.add("unmask=" + String.join(":", unmasked));
        }
        return options;
    }
}
