package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.linux.KernelFile;
import dev.tinydocker.linux.ListeningSocket;
import dev.tinydocker.linux.Nftables;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.Privileges;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.SecurityModules;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.security.Capability;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static dev.tinydocker.container.HostCheck.Level.OK;
import static dev.tinydocker.container.HostCheck.Level.PROBLEM;
import static dev.tinydocker.container.HostCheck.Level.WARNING;
import static dev.tinydocker.security.Capability.CAP_CHOWN;
import static dev.tinydocker.security.Capability.CAP_DAC_OVERRIDE;
import static dev.tinydocker.security.Capability.CAP_KILL;
import static dev.tinydocker.security.Capability.CAP_MKNOD;
import static dev.tinydocker.security.Capability.CAP_NET_ADMIN;
import static dev.tinydocker.security.Capability.CAP_SETGID;
import static dev.tinydocker.security.Capability.CAP_SETPCAP;
import static dev.tinydocker.security.Capability.CAP_SETUID;
import static dev.tinydocker.security.Capability.CAP_SYS_ADMIN;
import static dev.tinydocker.security.Capability.CAP_SYS_PTRACE;

/** Looks at what containers need of this host. */
@Component
public class HostCheck {

    /** mount_setattr(2). */
    private static final int KERNEL_MAJOR = 5;
    private static final int KERNEL_MINOR = 12;
    private static final Path FILE_SYSTEMS = Path.of("/proc/filesystems");
    private static final long LITTLE_SPACE_BYTES = 1L << 30;
    private static final long NO_SPACE_BYTES = 64L << 20;

    /** What the engine and the shim use. */
    private static final Set<Capability> NEEDED = EnumSet.of(CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_KILL, CAP_SETGID,
            CAP_SETUID, CAP_SETPCAP, CAP_NET_ADMIN, CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_MKNOD);
    /** What it means that a controller is missing, and what to do. */
    private static final Map<String, String> CONTROLLERS = Map.of(
            "memory", "--memory cannot be kept; boot with cgroup_enable=memory",
            "swap", "--memory-swap cannot be kept; boot with swapaccount=1",
            "cpu", "--cpus and --cpu-shares cannot be kept; use a kernel that has CONFIG_CGROUP_SCHED",
            "cpuset", "--cpuset-cpus cannot be kept; use a kernel that has CONFIG_CPUSETS",
            "pids", "--pids-limit cannot be kept; use a kernel that has CONFIG_CGROUP_PIDS",
            "devices", "devices are not fenced off; use a kernel that has CONFIG_CGROUP_DEVICE",
            "cpuacct", "CPU time is not counted; use a kernel that has CONFIG_CGROUP_CPUACCT",
            "blkio", "what disks read and write is not counted; use a kernel that has CONFIG_BLK_CGROUP",
            "io", "what disks read and write is not counted; use a kernel that has CONFIG_BLK_CGROUP",
            "freezer", "commit does not stop processes; use a kernel that has CONFIG_CGROUP_FREEZER");
    /** What fetches the root file system of busybox where this host has none. */
    private static final List<String> TOOLS = List.of("apt-get", "dpkg-deb");

    private final CgroupService cgroups;
    private final Layout layout;

    HostCheck(CgroupService cgroups, Layout layout) {
        this.cgroups = cgroups;
        this.layout = layout;
    }

    /** How bad it is. */
    public enum Level {
        OK, WARNING, PROBLEM
    }

    /**
     * One thing that was looked at.
     *
     * @param advice what to do about it; empty where all is well
     */
    public record Finding(Level level, String what, String advice) {
    }

    /** Everything, in the order in which it would stand in the way. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(user());
        capabilities(findings);
        findings.add(kernel(System.getProperty("os.version")));
        namespaces(findings);
        KernelModules modules = KernelModules.ofThisHost();
        findings.add(overlay(modules));
        findings.add(seccomp());
        findings.add(securityModules());
        findings.add(packetFilter());
        findings.add(links(modules));
        controlGroups(findings);
        findings.add(shim());
        findings.add(tools(System.getenv("PATH")));
        findings.add(dataRoot());
        findings.add(space());
        findings.add(socketPath());
        return findings;
    }

    private static Finding user() {
        int user = Processes.effectiveUser();
        return user == 0 ? ok("the engine runs as root")
                : new Finding(PROBLEM, "the engine runs as user " + user, "start it as root, or with sudo");
    }

    private static void capabilities(List<Finding> findings) {
        Set<Capability> effective = Capability.of(Privileges.effectiveCapabilities());
        List<String> missing = NEEDED.stream().filter(needed -> !effective.contains(needed)).map(Capability::name)
                .toList();
        findings.add(missing.isEmpty() ? ok("capabilities")
                : new Finding(PROBLEM, "capabilities: without " + String.join(", ", missing),
                        "give the engine these; a container or a service unit may have taken them away"));
        if (!Privileges.canRaiseHardLimits()) {
            findings.add(new Finding(WARNING, "capabilities: without CAP_SYS_RESOURCE",
                    "no hard limit can be raised: --ulimit goes as far as the engine's own limits, --oom-score-adj "
                            + "not below its own"));
        }
    }

    static Finding kernel(String release) {
        Matcher version = Pattern.compile("(\\d+)\\.(\\d+).*").matcher(release);
        boolean enough = version.matches() && (Integer.parseInt(version.group(1)) > KERNEL_MAJOR
                || Integer.parseInt(version.group(1)) == KERNEL_MAJOR
                        && Integer.parseInt(version.group(2)) >= KERNEL_MINOR);
        return enough ? ok("kernel " + release) : new Finding(PROBLEM, "kernel " + release,
                "use " + KERNEL_MAJOR + "." + KERNEL_MINOR + " or newer: read-only binds need mount_setattr");
    }

    private static void namespaces(List<Finding> findings) {
        List<String> missing = List.of("mnt", "pid", "uts", "ipc", "net", "cgroup").stream()
                .filter(kind -> !Files.exists(Path.of("/proc/self/ns/" + kind))).toList();
        findings.add(missing.isEmpty() ? ok("namespaces")
                : new Finding(PROBLEM, "namespaces: without " + String.join(", ", missing),
                        "use a kernel that has CONFIG_NAMESPACES"));
        boolean users = Files.exists(Path.of("/proc/self/ns/user"))
                && !Sysctl.get("user.max_user_namespaces").equals("0");
        findings.add(users ? ok("user namespaces")
                : new Finding(WARNING, "user namespaces are off",
                        "containers run with the host's users; see sysctl user.max_user_namespaces"));
    }

    /** A file system that is a module is loaded when it is first mounted. */
    private static Finding overlay(KernelModules modules) {
        boolean there = KernelFile.read(FILE_SYSTEMS).contains("\toverlay\n") || modules.has("overlay");
        return there ? ok("overlay file system")
                : new Finding(PROBLEM, "no overlay file system",
                        "run 'modprobe overlay', or use a kernel that has CONFIG_OVERLAY_FS");
    }

    private static Finding seccomp() {
        return Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail")) ? ok("seccomp")
                : new Finding(WARNING, "no seccomp",
                        "system calls cannot be filtered; use a kernel that has CONFIG_SECCOMP_FILTER");
    }

    /** Who keeps the wall behind the others. */
    private static Finding securityModules() {
        boolean landlock = SecurityModules.landlock() > 1;
        if (!SecurityModules.appArmor()) {
            return landlock ? ok("security module Landlock") : new Finding(WARNING, "neither AppArmor nor Landlock",
                    "there is no second wall around containers; use a kernel that has CONFIG_SECURITY_LANDLOCK, 5.19 "
                            + "or newer");
        }
        return SecurityModules.appArmorParser().isPresent() ? ok("security module AppArmor")
                : new Finding(WARNING, "AppArmor without apparmor_parser", (landlock ? "Landlock stands in for it; "
                        : "containers are not confined; ") + "install the package apparmor");
    }

    private static Finding packetFilter() {
        try (Nftables nftables = Nftables.open()) {
            nftables.run("list tables");
            return ok("packet filter");
        } catch (HostLacks e) {
            return new Finding(WARNING, String.valueOf(e.getMessage()), e.hint());
        } catch (NftablesException e) {
            return new Finding(WARNING, "the kernel has no packet filter: " + e.getMessage(),
                    "run 'modprobe nf_tables', or use --net none");
        }
    }

    /** A kind of link that is a module is loaded with the first one; without a list of modules there is no telling. */
    private static Finding links(KernelModules modules) {
        List<String> missing = Stream.of("bridge", "veth").filter(kind -> modules.areKnown() && !modules.has(kind)
                && !Files.exists(Path.of("/sys/module/" + kind))).toList();
        return missing.isEmpty() ? ok("links")
                : new Finding(WARNING, "no links of the kind " + String.join(", ", missing),
                        "use a kernel that has these, or --net none");
    }

    private void controlGroups(List<Finding> findings) {
        findings.add(ok("cgroups " + cgroups.describe()));
        cgroups.controllers().forEach((controller, there) -> findings.add(there ? ok("cgroup controller " + controller)
                : new Finding(WARNING, "no cgroup controller " + controller,
                        CONTROLLERS.getOrDefault(controller, "use a kernel that has it"))));
    }

    private Finding shim() {
        Path program = layout.shimProgram();
        return Files.isExecutable(program) ? ok("native program " + program)
                : new Finding(PROBLEM, "no native program " + program, "build it with './tiny build'");
    }

    static Finding tools(@Nullable String path) {
        List<String> directories = List.of((path == null ? "" : path).split(":"));
        List<String> missing = TOOLS.stream().filter(tool -> directories.stream()
                .noneMatch(directory -> Files.isExecutable(Path.of(directory + "/" + tool)))).toList();
        return missing.isEmpty() ? ok("tools " + String.join(", ", TOOLS))
                : new Finding(WARNING, "no " + String.join(", ", missing),
                        "'busybox' needs a static /bin/busybox here, or its archive in rootfs-cache");
    }

    private Finding dataRoot() {
        try {
            FileStore store = Files.getFileStore(layout.dataRoot());
            return store.type().equals("overlay")
                    ? new Finding(PROBLEM, "data root " + layout.dataRoot() + " is on overlay",
                            "set tiny.data.root to a directory on ext4, xfs, btrfs or tmpfs")
                    : ok("data root " + layout.dataRoot() + " is on " + store.type());
        } catch (IOException e) {
            return new Finding(PROBLEM, "data root " + layout.dataRoot() + " cannot be looked at", "see who owns it");
        }
    }

    private Finding space() {
        try {
            long free = Files.getFileStore(layout.dataRoot()).getUsableSpace();
            String what = (free >> 20) + " MiB free for " + layout.dataRoot();
            return free >= LITTLE_SPACE_BYTES ? ok(what)
                    : new Finding(free < NO_SPACE_BYTES ? PROBLEM : WARNING, what,
                            "remove containers with 'rm', or make room");
        } catch (IOException e) {
            return new Finding(PROBLEM, "no telling how much space is free for " + layout.dataRoot(),
                    "see who owns it");
        }
    }

    /** The longest socket's path must fit into a socket address. */
    private Finding socketPath() {
        Path socket = layout.shimSocket(layout.containerRun("0".repeat(64)));
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        return length <= ListeningSocket.LONGEST_PATH ? ok("run root " + layout.runRoot())
                : new Finding(PROBLEM, "run root " + layout.runRoot() + " is too long for sockets below it",
                        "set tiny.run.root to one shorter by " + (length - ListeningSocket.LONGEST_PATH) + " bytes");
    }

    private static Finding ok(String what) {
        return new Finding(OK, what, "");
    }
}
