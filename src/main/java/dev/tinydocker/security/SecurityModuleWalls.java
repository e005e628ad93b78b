package dev.tinydocker.security;

import dev.tinydocker.linux.SecurityModules;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.NotFound;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The wall behind the others, which one of the kernel's security modules keeps: AppArmor or SELinux, of which a kernel
 * has one, else Landlock.
 */
final class SecurityModuleWalls {

    /** Without LANDLOCK_ACCESS_FS_REFER nothing could be moved from one directory to another: Linux 5.19. */
    private static final int REFER = 2;
    private static final int TRUNCATE = 3;
    private static final int IOCTL_DEV = 5;
    private static final int SCOPES = 6;

    /** LANDLOCK_ACCESS_FS_… up to REFER; the next bits are TRUNCATE and IOCTL_DEV. */
    private static final long ACCESS_REFER = (1L << 14) - 1;
    private static final long ACCESS_TRUNCATE = 1L << 14;
    private static final long ACCESS_IOCTL_DEV = 1L << 15;
    private static final long SCOPE_ABSTRACT_UNIX_SOCKET = 1;

    /** Takes effect at the next execve(2), whatever was done to credentials and namespaces in between. */
    private static final Path NEXT_PROFILE = Path.of("/proc/self/attr/apparmor/exec");

    /** Takes effect at once: for process 1 of --init, which executes nothing any more. */
    private static final Path OWN_PROFILE = Path.of("/proc/self/attr/apparmor/current");

    private static final String QUEUES = "/dev/mqueue";

    private final AppArmor appArmor;
    private final int landlock;
    private final SeLinux seLinux;

    /** @param landlock the version of its interface, 0 for none */
    SecurityModuleWalls(boolean appArmor, int landlock, SeLinux seLinux) {
        this.appArmor = new AppArmor(appArmor);
        this.landlock = landlock;
        this.seLinux = seLinux;
    }

    /** What SELinux calls a container's processes and files. */
    Labels labels(SecurityWish wish, String id) {
        return seLinux.labels(wish, id);
    }

    /** @throws HostLacks where a profile or a label was named that cannot be kept to */
    void check(SecurityWish wish) {
        seLinux.check(wish.modulesOrDefault().labels());
        String name = wish.modulesOrDefault().appArmor();
        if (name == null || name.equals(SecurityWish.UNCONFINED)) {
            return;
        }
        if (!SecurityModules.appArmor()) {
            throw new HostLacks("use the profile '" + name + "'", "this kernel has no AppArmor, or it is off",
                    "leave --security-opt apparmor=… out");
        }
        if (!SecurityModules.appArmorProfiles().contains(name)) {
            throw new NotFound("use the profile '" + name + "'", "AppArmor has none of that name loaded",
                    "load it with apparmor_parser, and see that securityfs is mounted on /sys/kernel/security");
        }
    }

    /** The profile of AppArmor that a container is confined by. */
    Optional<String> profile(SecurityWish wish, boolean mounts) {
        ModuleWish modules = wish.modulesOrDefault();
        if (wish.privileged() && modules.appArmor() == null || modules.none()) {
            return Optional.empty();
        }
        return modules.appArmor() != null ? Optional.of(modules.appArmor()) : appArmor.profile(mounts);
    }

    /** What is done while the host's files are in sight. */
    List<ShimStep> early(SecurityWish wish, boolean mounts, String id) {
        return profile(wish, mounts).<List<ShimStep>>map(name -> List.of(new ShimStep.Write(NEXT_PROFILE,
                "exec " + name, "so that AppArmor confines the program")))
                .orElseGet(() -> SeLinux.early(labels(wish, id)));
    }

    /**
     * What is done before process 1 stays behind without executing a program. SELinux's policies let no program change
     * its own label so.
     */
    Optional<ShimStep> staying(SecurityWish wish, boolean mounts) {
        return profile(wish, mounts).map(name -> new ShimStep.Write(OWN_PROFILE, "changeprofile " + name,
                "so that AppArmor confines process 1 too, which executes no program"));
    }

    /**
     * What is done last before the user is changed.
     *
     * @param mounts a process that Landlock keeps to its files mounts nothing, whatever capabilities it has
     */
    @Nullable ShimStep late(SecurityWish wish, boolean mounts, boolean hostNetwork) {
        ModuleWish modules = wish.modulesOrDefault();
        if (wish.privileged() || modules.none() || !modules.landlock() || landlock < REFER
                || profile(wish, mounts).isPresent() || seLinux.confines(wish)) {
            return null;
        }
        long access = mounts ? 0 : ACCESS_REFER | (landlock >= TRUNCATE ? ACCESS_TRUNCATE : 0)
                | (landlock >= IOCTL_DEV ? ACCESS_IOCTL_DEV : 0);
        // In a network of its own there are no others' abstract sockets.
        long scope = hostNetwork && landlock >= SCOPES ? SCOPE_ABSTRACT_UNIX_SOCKET : 0;
        return access == 0 && scope == 0 ? null : new ShimStep.Landlock(access, scope, QUEUES);
    }
}
