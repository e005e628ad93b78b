package dev.tinydocker.security;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.Privileges;
import dev.tinydocker.linux.SecurityModules;
import dev.tinydocker.plan.HostStep;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who the process is and what it may do. The defaults are Docker's. */
@Service
public class SecurityService {

    private static final int CAP_SYS_ADMIN = 21;
    private static final String FILES = "nofile";
    /** Where a million are allowed, some programs look at a million descriptors before they begin. */
    private static final long USUAL_FILES = 1024;

    private static final List<String> MASKED = List.of("/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
                    "/proc/timer_stats",
            "/sys/dev/block", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
            "/proc/sysrq-trigger");

    private final List<String> masked;
    private final Set<Capability> available = Capability.of(Privileges.effectiveCapabilities());
    private final boolean mayRaise = Privileges.canRaiseHardLimits();
    private final long ownFiles = Privileges.hardLimit(ResourceLimitParser.number(FILES));
    private final int lowestOomScore = mayRaise ? Integer.MIN_VALUE : Privileges.lowestOomScore();
    private final boolean filters = Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail"));
    private final SeccompFilters seccomp;
    private final boolean noNewPrivileges;
    private final SecurityModuleWalls modules;

    /**
     * @param noNewPrivileges whether no_new_privs is set where neither the user nor the image says
     * @param landlock whether Landlock is used where it is there and AppArmor is not
     */
    @Autowired
    public SecurityService(SeccompFilters seccomp,
            @Value("${tiny.security.no-new-privileges:true}") boolean noNewPrivileges,
            @Value("${tiny.security.landlock:true}") boolean landlock) {
        this(Path.of("/sys/devices/system/cpu"), seccomp, noNewPrivileges,
                new SecurityModuleWalls(SecurityModules.appArmor(), landlock ? SecurityModules.landlock() : 0,
                        SeLinux.ofThisHost()));
    }

    /** @param cpus the directory of the host's CPUs in sysfs; the container's sysfs shows the same ones */
    SecurityService(Path cpus, SeccompFilters seccomp, boolean noNewPrivileges, SecurityModuleWalls modules) {
        this.modules = modules;
        this.seccomp = seccomp;
        this.noNewPrivileges = noNewPrivileges;
        masked = Stream.concat(MASKED.stream(), throttles(cpus).stream()).toList();
    }

    /** @throws dev.tinydocker.problem.HostLacks where this host cannot give what is asked */
    public void check(SecurityWish wish) {
        Capabilities.of(wish, available);
        modules.check(wish);
    }

    /**
     * What is done while the host's files are in sight. Its keyring counts among those of this host's root.
     *
     * @param id the container's
     */
    public List<ShimStep> early(SecurityWish wish, String id) {
        List<ShimStep> steps = new ArrayList<>(modules.early(wish, mayMount(wish), id));
        if (!wish.privileged()) {
            steps.add(new ShimStep.Keyring());
        }
        return steps;
    }

    /** What SELinux calls the processes and the files of a container. */
    public Labels labels(SecurityWish wish, String id) {
        return modules.labels(wish, id);
    }

    /** The same steps, with SELinux's label of the container's files wherever something is mounted for it alone. */
    public List<ShimStep> labelled(List<ShimStep> steps, Labels labels) {
        return SeLinux.mounts(steps, labels);
    }

    /** The same steps, after each of which what it makes has SELinux's label of the container's files. */
    public List<HostStep> made(List<HostStep> steps, Labels labels) {
        return SeLinux.made(steps, labels);
    }

    /** A small process 1, within the same walls as the program that it waits for. */
    public List<ShimStep> init(SecurityWish wish) {
        List<ShimStep> steps = new ArrayList<>();
        modules.staying(wish, mayMount(wish)).ifPresent(steps::add);
        steps.add(new ShimStep.Init());
        return steps;
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
        return !wish.privileged() && !wish.unmasked().contains(SecurityWish.ALL) && wish.unmasked().stream()
                .noneMatch(shown -> shown.equals(path) || SecurityOption.pattern(shown).matches(Path.of(path)));
    }

    /** The mounts of /sys and of what is in it: a privileged container can write there. */
    public List<ShimStep> system(List<ShimStep> mounts, SecurityWish wish) {
        return wish.privileged() ? mounts.stream().flatMap(SecurityService::writable).toList() : mounts;
    }

    private static Stream<ShimStep> writable(ShimStep step) {
        String why = "writable, as was asked with --privileged";
        if (step instanceof ShimStep.BindIn bind && (bind.attributes() & MountFlags.MOUNT_ATTR_RDONLY) != 0) {
            return Stream.of(new ShimStep.BindIn(bind.attributes() & ~MountFlags.MOUNT_ATTR_RDONLY, bind.recursive(),
                    bind.make(), bind.propagation(), bind.source(), bind.target(), why));
        }
        if (!(step instanceof ShimStep.MountIn mount) || (mount.flags() & MountFlags.MS_RDONLY) == 0) {
            return Stream.of(step);
        }
        return (mount.flags() & MountFlags.MS_REMOUNT) != 0 ? Stream.of() : Stream.of(new ShimStep.MountIn(
                mount.flags() & ~MountFlags.MS_RDONLY, mount.make(), mount.source(), mount.target(), mount.type(),
                mount.data(), why));
    }

    /**
     * The user, what is left of root's power, and the filter of system calls. Where a file may still raise the
     * process's privileges, the filter can only be loaded by root, and so comes first.
     *
     * @param user as {@code NAME|UID[:GROUP|GID]}, null for root
     * @param hostNetwork whether it is in the host's network, where there are sockets of others
     */
    public List<ShimStep> process(@Nullable String user, SecurityWish wish, boolean hostNetwork) {
        Capabilities capabilities = Capabilities.of(wish, available);
        long root = Capability.mask(capabilities.root());
        ShimStep.Credentials credentials = new ShimStep.Credentials(root, root,
                Capability.mask(capabilities.others()), user == null ? "" : user);
        List<ShimStep> steps = new ArrayList<>();
        ShimStep locks = modules.late(wish, mayMount(wish), hostNetwork);
        if (locks != null) {
            steps.add(locks);
        }
        int filter = steps.size();
        steps.add(credentials);
        boolean locked = noNewPrivileges(wish);
        if (locked) {
            steps.add(new ShimStep.NoNewPrivs());
        }
        if (isFiltered(wish)) {
            String profile = wish.ownProfile();
            byte[] instructions = seccomp.filter(profile, capabilities.root());
            steps.add(locked ? steps.size() : filter, new ShimStep.Seccomp(seccomp.flags(profile), instructions,
                    profile.isEmpty() ? "built-in" : "given"));
        }
        return steps;
    }

    /** Capabilities by name, in the order of their numbers, of a mask as the kernel writes it. */
    public static List<String> names(long mask) {
        return Capability.of(mask).stream().map(Enum::name).toList();
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

    /** Whether system calls are filtered. */
    public boolean isFiltered(SecurityWish wish) {
        return filters && wish.wantsFilter();
    }

    /** The profile of AppArmor around its processes. */
    public Optional<String> appArmor(SecurityWish wish) {
        return modules.profile(wish, mayMount(wish));
    }

    /** Whether Landlock keeps it in. */
    public boolean isLandlocked(SecurityWish wish, boolean hostNetwork) {
        return modules.late(wish, mayMount(wish), hostNetwork) != null;
    }

    /** Whether root in there has the capability to mount. */
    public boolean mayMount(SecurityWish wish) {
        return (rootCapabilities(wish) >> CAP_SYS_ADMIN & 1) != 0;
    }

    /**
     * The resource limits that were asked for; and of open files as many as are usual, where that was not among them. A
     * program that wants more raises it itself, up to the engine's own hard limit.
     */
    public List<ShimStep> limits(List<ResourceLimit> limits) {
        List<ShimStep> steps = new ArrayList<>();
        if (limits.stream().noneMatch(limit -> limit.name().equals(FILES))) {
            steps.add(new ShimStep.Rlimit(ResourceLimitParser.number(FILES), Math.min(USUAL_FILES, ownFiles),
                    ownFiles, FILES));
        }
        for (ResourceLimit limit : limits) {
            steps.add(new ShimStep.Rlimit(ResourceLimitParser.number(limit.name()), limit.soft(), limit.hard(),
                    limit.name()));
        }
        return steps;
    }

    /** How gladly the kernel kills it where memory runs out: what was asked, as far down as this host lets us go. */
    public int oomScore(int asked) {
        return Math.max(asked, lowestOomScore);
    }

    /** What the user is told where that is not what was asked, a sentence. */
    public List<String> oomWarnings(int asked) {
        return asked == 0 || asked >= lowestOomScore ? List.of() : List.of("--oom-score-adj goes down to "
                + lowestOomScore + " only: that is the engine's own, and without CAP_SYS_RESOURCE it cannot be lowered");
    }

    /** Which of the limits this host cannot keep, and which walls are not there, a sentence each. */
    public List<String> warnings(List<ResourceLimit> limits, SecurityWish wish) {
        List<String> warnings = new ArrayList<>();
        if (!filters && wish.wantsFilter()) {
            warnings.add("system calls are not filtered: this kernel has no CONFIG_SECCOMP_FILTER");
        }
        if (wish.privileged()) {
            warnings.add("--privileged gives up every wall: what runs in there can take over this host");
            if (!wish.capDrop().isEmpty()) {
                warnings.add("--cap-drop takes nothing away beside --privileged, which gives every capability there is");
            }
        }
        for (ResourceLimit limit : limits) {
            long own = Privileges.hardLimit(ResourceLimitParser.number(limit.name()));
            // Without CAP_SYS_RESOURCE no hard limit can be raised, with it that of files up to fs.nr_open,
            // setrlimit(2).
            long most = !mayRaise ? own : limit.name().equals(FILES) ? Privileges.mostFiles() : -1;
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
            throw new SystemFailure("list '" + cpus + "'", FileFailures.reason(e), "is /sys mounted?", e);
        }
        paths.sort(null);
        return paths;
    }
}
