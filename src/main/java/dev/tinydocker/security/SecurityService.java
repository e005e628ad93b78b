package dev.tinydocker.security;

import dev.tinydocker.linux.Privileges;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who the process is and what it may do. The defaults are Docker's. */
@Service
public class SecurityService {

    private static final int CAP_SYS_ADMIN = 21;

    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
                    "/proc/timer_stats",
            "/sys/dev/block", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");

    /** Without it, older kernels make a process slow that has a filter: seccomp(2), Linux 4.17. */
    private static final int SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4;

    private final List<String> masked;
    private final Set<Capability> available = Capability.of(Privileges.effectiveCapabilities());
    private final boolean mayRaise = Privileges.canRaiseHardLimits();
    private final boolean filters = Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail"));
    private final SeccompFilters seccomp;
    private final boolean noNewPrivileges;

    /** @param noNewPrivileges whether no_new_privs is set where neither the user nor the image says */
    @Autowired
    public SecurityService(SeccompFilters seccomp,
            @Value("${tiny.security.no-new-privileges:true}") boolean noNewPrivileges) {
        this(Path.of("/sys/devices/system/cpu"), seccomp, noNewPrivileges);
    }

    /** @param cpus the directory of the host's CPUs in sysfs; the container's sysfs shows the same ones */
    SecurityService(Path cpus, SeccompFilters seccomp, boolean noNewPrivileges) {
        this.seccomp = seccomp;
        this.noNewPrivileges = noNewPrivileges;
        masked = Stream.concat(MASKED.stream(), throttles(cpus).stream()).toList();
    }

    /** @throws dev.tinydocker.problem.HostLacks where this host cannot give what is asked */
    public void check(SecurityWish wish) {
        Capabilities.of(wish, available);
    }

    /** Hides what tells of the host and locks what changes it; after /proc and /sys are mounted. */
    public List<ShimStep> masks(SecurityWish wish) {
        List<ShimStep> steps = new ArrayList<>();
        maskedPaths(wish).forEach(path -> steps.add(new ShimStep.Mask(path)));
        readOnlyPaths(wish).forEach(path -> steps.add(new ShimStep.Readonly(path)));
        return steps;
    }

    /** What is hidden from a container. */
    public List<String> maskedPaths(SecurityWish wish) {
        return masked.stream().filter(path -> isCovered(path, wish)).toList();
    }

    /** What a container can read and not write. */
    public List<String> readOnlyPaths(SecurityWish wish) {
        return READ_ONLY.stream().filter(path -> isCovered(path, wish)).toList();
    }

    private static boolean isCovered(String path, SecurityWish wish) {
        return !wish.privileged() && !wish.unmasked().contains(SecurityWish.ALL) && !wish.unmasked().contains(path);
    }

    /** The mounts of /sys and of what is in it: a privileged container can write there. */
    public List<ShimStep> system(List<ShimStep> mounts, SecurityWish wish) {
        return wish.privileged() ? mounts.stream().flatMap(SecurityService::writable).toList() : mounts;
    }

    private static Stream<ShimStep> writable(ShimStep step) {
        if (!(step instanceof ShimStep.MountIn mount) || (mount.flags() & MountFlags.MS_RDONLY) == 0) {
            return Stream.of(step);
        }
        return (mount.flags() & MountFlags.MS_REMOUNT) != 0 ? Stream.of() : Stream.of(new ShimStep.MountIn(
                mount.flags() & ~MountFlags.MS_RDONLY, mount.make(), mount.source(), mount.target(), mount.type(),
                mount.data(), "writable, as was asked with --privileged"));
    }

    /**
     * The user, what is left of root's power, and the filter of system calls. Where a file may still raise the
     * process's privileges, the filter can only be loaded by root, and so comes first.
     *
     * @param user as {@code NAME|UID[:GROUP|GID]}, null for root
     */
    public List<ShimStep> process(@Nullable String user, SecurityWish wish) {
        Capabilities capabilities = Capabilities.of(wish, available);
        long root = Capability.mask(capabilities.root());
        ShimStep.Credentials credentials = new ShimStep.Credentials(root, root,
                Capability.mask(capabilities.others()), user == null ? "" : user);
        List<ShimStep> steps = new ArrayList<>();
        steps.add(credentials);
        boolean locked = noNewPrivileges(wish);
        if (locked) {
            steps.add(new ShimStep.NoNewPrivs());
        }
        if (isFiltered(wish)) {
            String profile = wish.seccomp();
            byte[] filter = seccomp.filter(profile == null ? "" : profile, capabilities.root());
            steps.add(locked ? steps.size() : 0, new ShimStep.Seccomp(SECCOMP_FILTER_FLAG_SPEC_ALLOW, filter,
                    profile == null ? "built-in" : "given"));
        }
        return steps;
    }

    /** What root in the container has, a bit for each; nobody in there can get more. */
    public long rootCapabilities(SecurityWish wish) {
        return Capability.mask(Capabilities.of(wish, available).root());
    }

    /** What a user that is not root has. */
    public long otherCapabilities(SecurityWish wish) {
        return Capability.mask(Capabilities.of(wish, available).others());
    }

    /** Whether no file that is executed gives a process more than it has. */
    public boolean noNewPrivileges(SecurityWish wish) {
        Boolean asked = wish.noNewPrivileges();
        return asked == null ? noNewPrivileges && !wish.privileged() : asked;
    }

    /** Whether system calls are filtered; a privileged container's only where a profile is named. */
    public boolean isFiltered(SecurityWish wish) {
        return filters && (wish.seccomp() == null ? !wish.privileged()
                : !wish.seccomp().equals(SecurityWish.UNCONFINED));
    }

    /** Whether root in there has the capability to mount. */
    public boolean mayMount(SecurityWish wish) {
        return (rootCapabilities(wish) >> CAP_SYS_ADMIN & 1) != 0;
    }

    /** The resource limits that were asked for. */
    public List<ShimStep> limits(List<ResourceLimit> limits) {
        List<ShimStep> steps = new ArrayList<>();
        for (ResourceLimit limit : limits) {
            steps.add(new ShimStep.Rlimit(ResourceLimitParser.number(limit.name()), limit.soft(), limit.hard(),
                    limit.name()));
        }
        return steps;
    }

    /** Which of the limits this host cannot keep, and which walls are not there, a sentence each. */
    public List<String> warnings(List<ResourceLimit> limits, SecurityWish wish) {
        List<String> warnings = new ArrayList<>();
        if (!filters && !wish.privileged() && !SecurityWish.UNCONFINED.equals(wish.seccomp())) {
            warnings.add("system calls are not filtered: this kernel has no CONFIG_SECCOMP_FILTER");
        }
        if (wish.privileged()) {
            warnings.add("--privileged gives up every wall: what runs in there can take over this host");
        }
        for (ResourceLimit limit : limits) {
            long own = Privileges.hardLimit(ResourceLimitParser.number(limit.name()));
            // Without CAP_SYS_RESOURCE no hard limit can be raised, with it that of files up to fs.nr_open,
            // setrlimit(2).
            long most = !mayRaise ? own : limit.name().equals("nofile") ? Privileges.mostFiles() : -1;
            if (Long.compareUnsigned(limit.hard(), most) > 0) {
                warnings.add("--ulimit " + limit.name() + " goes to " + Long.toUnsignedString(own)
                        + " only: that is the engine's own hard limit, and it cannot be raised that far");
            }
        }
        return warnings;
    }

    /** How often a CPU was throttled tells a container what its neighbours do. Few machines have these files. */
    private static List<String> throttles(Path cpus) {
        List<String> paths = new ArrayList<>();
        if (!Files.isDirectory(cpus)) {
            return paths;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
            for (Path cpu : entries) {
                if (Files.exists(cpu.resolve("thermal_throttle"))) {
                    paths.add("/sys/devices/system/cpu/" + cpu.getFileName() + "/thermal_throttle");
                }
            }
        } catch (IOException e) {
            throw new SystemFailure("list '" + cpus + "'", String.valueOf(e.getMessage()), "is /sys mounted?", e);
        }
        paths.sort(null);
        return paths;
    }
}
