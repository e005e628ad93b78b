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
 * @param seccomp {@link #UNCONFINED}, {@link #BUILTIN}, or the text of a profile; null where the user does not say
 * @param unmasked paths below /proc and /sys that are shown as they are, or {@link #ALL}
 * @param modules null where the user says nothing of security modules
 */
public record SecurityWish(boolean privileged, List<String> capAdd, List<String> capDrop,
        @Nullable Boolean noNewPrivileges, @Nullable String seccomp, List<String> unmasked,
        @Nullable ModuleWish modules) {

    /** What a container has that nobody has said more of. */
    public static final SecurityWish DEFAULT = new SecurityWish(false, List.of(), List.of(), null, null, List.of(),
            null);

    /** No filter of system calls. */
    public static final String UNCONFINED = "unconfined";

    /** The filter that is there without being asked for; with --privileged it is asked for so. */
    static final String BUILTIN = "builtin";

    /** Every path. */
    public static final String ALL = "ALL";

    /** With the value {@code false}, the label of an image whose programs need set-uid files. */
    public static final String LABEL = "dev.tinydocker.no-new-privileges";

    public SecurityWish(boolean privileged, @Nullable List<String> capAdd, @Nullable List<String> capDrop,
            @Nullable Boolean noNewPrivileges, @Nullable String seccomp, @Nullable List<String> unmasked,
            @Nullable ModuleWish modules) {
        this.privileged = privileged;
        this.capAdd = capAdd == null ? List.of() : List.copyOf(capAdd);
        this.capDrop = capDrop == null ? List.of() : List.copyOf(capDrop);
        this.noNewPrivileges = noNewPrivileges;
        this.seccomp = seccomp;
        this.unmasked = unmasked == null ? List.of() : List.copyOf(unmasked);
        this.modules = modules;
    }

    ModuleWish modulesOrDefault() {
        return modules == null ? ModuleWish.DEFAULT : modules;
    }

    /** Whether system calls are to be filtered; a privileged container's only where a profile is named. */
    public boolean wantsFilter() {
        return seccomp == null ? !privileged : !seccomp.equals(UNCONFINED);
    }

    /** The text of a profile of the user's own; empty where there is none. */
    public String ownProfile() {
        return seccomp == null || seccomp.equals(BUILTIN) || seccomp.equals(UNCONFINED) ? "" : seccomp;
    }

    /** The same wish for a container with labels, its image's among them. */
    public SecurityWish on(Map<String, String> labels) {
        boolean needed = "false".equals(labels.get(LABEL));
        return noNewPrivileges == null && needed ? withNoNewPrivileges(false) : this;
    }

    /** The same wish for a process that gets every capability. */
    public SecurityWish withAllCapabilities() {
        return new SecurityWish(privileged, List.of(Capability.ALL), List.of(), noNewPrivileges, seccomp, unmasked,
                modules);
    }

    SecurityWish withNoNewPrivileges(boolean set) {
        return new SecurityWish(privileged, capAdd, capDrop, set, seccomp, unmasked, modules);
    }

    SecurityWish withSeccomp(String profile) {
        return new SecurityWish(privileged, capAdd, capDrop, noNewPrivileges, profile, unmasked, modules);
    }

    SecurityWish unmasking(List<String> more) {
        List<String> all = new ArrayList<>(unmasked);
        all.addAll(more);
        return new SecurityWish(privileged, capAdd, capDrop, noNewPrivileges, seccomp, all, modules);
    }

    SecurityWish withModules(ModuleWish wish) {
        return new SecurityWish(privileged, capAdd, capDrop, noNewPrivileges, seccomp, unmasked, wish);
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
        options.addAll(modulesOrDefault().options());
        return options;
    }
}
