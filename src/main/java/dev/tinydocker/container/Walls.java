package dev.tinydocker.container;

import dev.tinydocker.security.Labels;

import java.util.List;

/**
 * The walls that a container has for what was asked and for what this host can do.
 *
 * @param capabilities of root in there, by the kernel's names; nobody in there can get more
 * @param others what a user that is not root has of them
 * @param seccomp {@code builtin}, {@code unconfined}, or {@code given} for a profile of the user's
 * @param appArmor the profile's name, {@code unconfined}, or empty where this kernel has none
 * @param labels what SELinux calls its processes and files; nothing where it does not part it from others
 * @param landlock whether Landlock keeps it in
 * @param masked what it cannot see below /proc and /sys
 * @param readOnly what it can read there and not write
 */
public record Walls(List<String> capabilities, List<String> others, boolean noNewPrivileges, String seccomp,
        String appArmor, Labels labels, boolean landlock, List<String> masked, List<String> readOnly) {
}
