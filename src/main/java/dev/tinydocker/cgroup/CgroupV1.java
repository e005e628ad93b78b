package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.plan.CloneFlags;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.HostStep.MakeCgroup;
import dev.tinydocker.plan.HostStep.SetCgroup;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import static dev.tinydocker.plan.MountFlags.*;

/**
 * cgroups version 1, cgroups(7): a tree for each controller or for a few. Here the container's first process joins each
 * tree itself, by writing 0 into {@code tasks}: that takes no lock of the whole system, while a pid written into
 * {@code cgroup.procs} from outside waits for an RCU grace period of 7 to 15 ms.
 */
final class CgroupV1 implements CgroupDriver {

    /**
     * In this order; a tree is used if it has one of them. cpuset only where it is asked for, since it must be filled
     * first.
     */
    static final List<String> USED = List.of("memory", "cpu", "cpuacct", "pids", "devices", "freezer",
            "blkio", "name=systemd");

    private final List<Hierarchy> hierarchies;
    private final boolean hybrid;
    private final String parent;
    /** Which files this kernel knows. */
    private final Map<Path, Boolean> files = new ConcurrentHashMap<>();

    CgroupV1(List<Hierarchy> all, String parent) {
        this.hierarchies = all.stream().filter(hierarchy -> !hierarchy.unified()).toList();
        this.hybrid = all.stream().anyMatch(Hierarchy::unified);
        this.parent = parent;
    }

    @Override
    public CgroupPlan plan(String id, Limits limits, List<String> devices) {
        List<HostStep> host = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<Hierarchy> joined = hierarchies.stream()
                .filter(hierarchy -> USED.stream().anyMatch(hierarchy.controllers()::contains)
                        || limits.cpus() != null && hierarchy.controllers().contains("cpuset"))
                .toList();
        if (joined.isEmpty()) {
            throw new HostLacks("make a cgroup", "no controller is mounted", "mount cgroups, or boot with cgroup v2");
        }
        for (Hierarchy hierarchy : joined) {
            if (hierarchy.controllers().contains("cpuset")) {
                fill(hierarchy);
            }
            host.add(new MakeCgroup(directory(hierarchy, id), "which " + hierarchy.purpose()));
        }
        memory(id, limits, host, warnings);
        set(id, "cpu", "cpu.cfs_quota_us", limits.cpuMicros(), "--cpus", host, warnings);
        set(id, "cpu", "cpu.shares", limits.cpuShares(), "--cpu-shares", host, warnings);
        cpuset(id, limits, host, warnings);
        set(id, "pids", "pids.max", limits.pidsLimit(), "--pids-limit", host, warnings);
        devices(id, devices, host);
        return new CgroupPlan(host, "", join(id, joined, true), mounts(id, joined), warnings);
    }

    @Override
    public CgroupPlan join(String id) {
        List<Hierarchy> joined = hierarchies.stream().filter(hierarchy -> Files.isDirectory(directory(hierarchy, id)))
                .toList();
        return new CgroupPlan(List.of(), "", join(id, joined, false), List.of(), List.of());
    }

    private List<ShimStep> join(String id, List<Hierarchy> joined, boolean unshare) {
        List<ShimStep> steps = new ArrayList<>();
        for (Hierarchy hierarchy : joined) {
            steps.add(new ShimStep.Write(directory(hierarchy, id).resolve("tasks"), "0",
                    "so that no instruction of the program runs outside of its " + hierarchy.name() + " cgroup"));
        }
        if (unshare) {
            steps.add(new ShimStep.Unshare(CloneFlags.CLONE_NEWCGROUP, "so that these cgroups are the roots it sees"));
        }
        return steps;
    }

    private void memory(String id, Limits limits, List<HostStep> host, List<String> warnings) {
        Long memory = limits.memoryBytes();
        set(id, "memory", "memory.limit_in_bytes", memory, "--memory", host, warnings);
        if (memory == null) {
            return;
        }
        // After the limit of memory alone, which it may not be below.
        long both = limits.memorySwapBytes() == null ? Math.multiplyExact(2, memory) : limits.memorySwapBytes();
        if (file("memory", "memory.memsw.limit_in_bytes")) {
            set(id, "memory", "memory.memsw.limit_in_bytes", both, "--memory-swap", host, warnings);
        } else {
            warnings.add(NO_SWAP);
        }
    }

    private void cpuset(String id, Limits limits, List<HostStep> host, List<String> warnings) {
        Optional<Hierarchy> cpuset = hierarchy("cpuset");
        if (limits.cpus() != null && cpuset.isPresent()) {
            // A new cpuset has neither CPUs nor memory nodes, and takes no process before it has both.
            String nodes = CgroupFiles.read(parent(cpuset.get()).resolve("cpuset.mems"));
            host.add(new SetCgroup(directory(cpuset.get(), id).resolve("cpuset.mems"), nodes, "as above it"));
        }
        set(id, "cpuset", "cpuset.cpus", limits.cpus(), "--cpuset-cpus", host, warnings);
    }

    private void devices(String id, List<String> rules, List<HostStep> host) {
        if (rules.isEmpty()) {
            return;
        }
        hierarchy("devices").ifPresent(devices -> {
            Path directory = directory(devices, id);
            host.add(new SetCgroup(directory.resolve("devices.deny"), "a",
                    "so that the host's devices are out of reach"));
            for (String rule : rules) {
                host.add(new SetCgroup(directory.resolve("devices.allow"), rule, DeviceRules.meaning(rule)));
            }
        });
    }

    @Override
    public List<String> beyond(String id, List<String> rules) {
        return hierarchy("devices").map(devices -> CgroupFiles.read(directory(devices, id).resolve("devices.list"))
                .lines().filter(entry -> !DeviceRules.cover(rules, entry)).toList())
                .orElse(List.of("all, for want of a controller"));
    }

    /** Adds the step that keeps a limit, or a warning where this host cannot keep it. */
    private void set(String id, String controller, String file, @Nullable Object value, String option,
            List<HostStep> host, List<String> warnings) {
        if (value == null) {
            return;
        }
        if (file(controller, file)) {
            Path directory = directory(hierarchy(controller).orElseThrow(), id);
            host.add(new SetCgroup(directory.resolve(file), value.toString(), "which " + option + " changes"));
        } else {
            warnings.add(option + " has no effect: this host has no " + file);
        }
    }

    /** Whether this kernel knows the file; then the engine's own parent cgroup has it too, but the root may not. */
    private boolean file(String controller, String file) {
        return hierarchy(controller).filter(tree -> files.computeIfAbsent(parent(tree).resolve(file), path -> {
            makeParent(tree);
            return Files.exists(path);
        })).isPresent();
    }

    /**
     * Shows each tree from the container's own cgroup down, read-only, where programs look for their limits. A bind of
     * the directory is what mounting the tree in the container's cgroup namespace shows, in a third of the time.
     */
    private List<ShimStep> mounts(String id, List<Hierarchy> joined) {
        String why = "so that programs find their limits";
        long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
        List<ShimStep> steps = new ArrayList<>();
        steps.add(new ShimStep.MountIn(flags, MountPoint.EXISTING, "tmpfs", "/sys/fs/cgroup", "tmpfs",
                "mode=755,size=64k", why));
        for (Hierarchy hierarchy : joined) {
            steps.add(new ShimStep.BindIn(
                    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, false,
                    MountPoint.DIRECTORY, MS_PRIVATE, directory(hierarchy, id).toString(),
                    "/sys/fs/cgroup/" + hierarchy.name(), why));
        }
        steps.add(new ShimStep.MountIn(flags | MS_REMOUNT | MS_BIND | MS_RDONLY, MountPoint.EXISTING, "",
                "/sys/fs/cgroup", "", "", "so that nothing is written there"));
        return steps;
    }

    private void makeParent(Hierarchy hierarchy) {
        Path directory = parent(hierarchy);
        if (!Files.isDirectory(directory)) {
            CgroupFiles.make(directory);
        }
    }

    /**
     * Makes the engine's parent cgroup and fills it from the one above, because a cpuset begins empty; one that is
     * there may have been left empty by an engine that was killed, so it is looked at each time: few containers ask for
     * it.
     */
    private synchronized void fill(Hierarchy hierarchy) {
        makeParent(hierarchy);
        Path above = hierarchy.root();
        for (Path name : Path.of(parent)) {
            Path below = above.resolve(name);
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (CgroupFiles.read(below.resolve(file)).isEmpty()) {
                    copy(above.resolve(file), below.resolve(file));
                }
            }
            above = below;
        }
    }

    private static void copy(Path from, Path to) {
        try {
            CgroupFiles.write(to, CgroupFiles.read(from));
        } catch (IOException e) {
            throw new SystemFailure("copy '" + from + "' to '" + to + "'", FileFailures.reason(e), "", e);
        }
    }

    @Override
    public long oomKills(String id) {
        return hierarchy("memory")
                .map(memory -> CgroupFiles.number(directory(memory, id).resolve("memory.oom_control"), "oom_kill"))
                .orElse(0L);
    }

    @Override
    public Usage usage(String id) {
        return new UsageV1(controller -> hierarchy(controller).map(hierarchy -> directory(hierarchy, id))).read();
    }

    @Override
    public Optional<Freezer> freezer(String id) {
        return hierarchy("freezer").map(freezer -> Freezer.v1(directory(freezer, id)));
    }

    @Override
    public List<Path> directories(String id) {
        return hierarchies.stream().map(hierarchy -> directory(hierarchy, id)).toList();
    }

    @Override
    public List<Path> parents() {
        return hierarchies.stream().map(this::parent).toList();
    }

    @Override
    public String describe() {
        return hybrid ? "v1 hybrid" : "v1";
    }

    @Override
    public Map<String, Boolean> controllers() {
        Map<String, Boolean> controllers = new LinkedHashMap<>();
        for (String name : List.of("memory", "cpu", "cpuacct", "cpuset", "pids", "devices", "freezer", "blkio")) {
            controllers.put(name, hierarchy(name).isPresent());
        }
        controllers.put("swap", hierarchy("memory")
                .filter(memory -> Files.exists(memory.root().resolve("memory.memsw.limit_in_bytes"))).isPresent());
        return controllers;
    }

    private Optional<Hierarchy> hierarchy(String controller) {
        return hierarchies.stream().filter(hierarchy -> hierarchy.controllers().contains(controller)).findFirst();
    }

    private Path parent(Hierarchy hierarchy) {
        return hierarchy.root().resolve(parent);
    }

    private Path directory(Hierarchy hierarchy, String id) {
        return parent(hierarchy).resolve(id);
    }
}
