package dev.tinydocker.cgroup;

import dev.tinydocker.linux.DeviceFilter;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.HostStep.MakeCgroup;
import dev.tinydocker.plan.HostStep.SetCgroup;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import static dev.tinydocker.plan.MountFlags.*;

/** cgroups version 2, cgroups(7): one tree, and a process that is born in its cgroup by clone3(2). */
final class CgroupV2 implements CgroupDriver {

    private static final List<String> USED = List.of("cpuset", "cpu", "io", "memory", "pids");
    private static final String SUBTREE_CONTROL = "cgroup.subtree_control";

    private final Path root;
    private final String parent;

    CgroupV2(Hierarchy unified, String parent) {
        this.root = unified.root();
        this.parent = parent;
    }

    @Override
    public CgroupPlan plan(String id, Limits limits, List<String> devices) {
        prepare();
        List<HostStep> host = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        Path directory = directory(id);
        host.add(new MakeCgroup(directory, "which counts and limits what the container uses"));
        Setter setter = new Setter(directory, CgroupFiles.words(parent().resolve(SUBTREE_CONTROL)), host, warnings);
        memory(limits, setter, warnings);
        Long micros = limits.cpuMicros();
        setter.set("cpu", "cpu.max", micros == null ? null : micros + " " + Limits.CPU_PERIOD_MICROS, "--cpus");
        setter.set("cpu", "cpu.weight", limits.cpuShares() == null ? null : weight(limits.cpuShares()), "--cpu-shares");
        setter.set("cpuset", "cpuset.cpus", limits.cpus(), "--cpuset-cpus");
        setter.set("pids", "pids.max", limits.pidsLimit(), "--pids-limit");
        if (!devices.isEmpty()) {
            host.add(new HostStep.FilterDevices(directory, devices, "so that the host's devices are out of reach"));
        }
        ShimStep.MountIn mount = new ShimStep.MountIn(MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
                MountPoint.EXISTING, "cgroup", "/sys/fs/cgroup", "cgroup2", "", "so that programs find their limits");
        return new CgroupPlan(host, directory.toString(), List.of(), List.of(mount), warnings);
    }

    @Override
    public CgroupPlan join(String id) {
        return new CgroupPlan(List.of(), directory(id).toString(), List.of(), List.of(), List.of());
    }

    @Override
    public List<String> beyond(String id, List<String> rules) {
        return DeviceFilter.isAttached(directory(id), rules) ? List.of() : List.of("whatever other filters allow");
    }

    private void memory(Limits limits, Setter setter, List<String> warnings) {
        Long memory = limits.memoryBytes();
        setter.set("memory", "memory.max", memory, "--memory");
        if (memory == null) {
            return;
        }
        Long both = limits.memorySwapBytes();
        // Here swap is counted apart. No limit is what a new cgroup has.
        String swap = both == null ? memory.toString() : both < 0 ? null : Long.toString(both - memory);
        if (hasSwap(parent())) {
            setter.set("memory", "memory.swap.max", swap, "--memory-swap");
        } else if (swap != null) {
            warnings.add(NO_SWAP);
        }
    }

    /** From 2…262144, of version 1, to 1…10000, so that the ends meet. */
    static long weight(long shares) {
        return 1 + (shares - 2) * 9999 / 262142;
    }

    /** The way back, as cAdvisor goes it; 0 where there is no weight. */
    static long shares(long weight) {
        return weight == 0 ? 0 : 2 + (weight - 1) * 262142 / 9999;
    }

    /** Collects limits as steps, or as warnings where this host cannot keep them. */
    private record Setter(Path directory, Set<String> controllers, List<HostStep> host, List<String> warnings) {

        void set(String controller, String file, @Nullable Object value, String option) {
            if (value == null) {
                return;
            }
            if (controllers.contains(controller)) {
                host.add(new SetCgroup(directory.resolve(file), value.toString(), "which " + option + " changes"));
            } else {
                warnings.add(option + " has no effect: this host has no " + controller + " controller to give");
            }
        }
    }

    /**
     * Makes the engine's parent cgroup and hands the controllers down to it. A controller that cannot be handed down
     * (EBUSY: a process lives in a cgroup on the way) is missing below, which {@link #plan} says where it matters.
     */
    private void prepare() {
        if (CgroupFiles.words(parent().resolve(SUBTREE_CONTROL)).containsAll(available())) {
            return;
        }
        CgroupFiles.make(parent());
        Path directory = root;
        enable(directory);
        for (Path name : Path.of(parent)) {
            directory = directory.resolve(name);
            enable(directory);
        }
    }

    private static void enable(Path directory) {
        Set<String> has = CgroupFiles.words(directory.resolve("cgroup.controllers"));
        Set<String> given = CgroupFiles.words(directory.resolve(SUBTREE_CONTROL));
        for (String controller : USED) {
            if (has.contains(controller) && !given.contains(controller)) {
                try {
                    CgroupFiles.write(directory.resolve(SUBTREE_CONTROL), "+" + controller);
                } catch (IOException e) {
                    // Missing below from here on.
                }
            }
        }
    }

    private List<String> available() {
        Set<String> has = CgroupFiles.words(root.resolve("cgroup.controllers"));
        return USED.stream().filter(has::contains).toList();
    }

    @Override
    public long oomKills(String id) {
        return CgroupFiles.number(directory(id).resolve("memory.events"), "oom_kill");
    }

    @Override
    public Usage usage(String id) {
        return new UsageV2(directory(id)).read();
    }

    @Override
    public Optional<Freezer> freezer(String id) {
        return Optional.of(Freezer.v2(directory(id)));
    }

    @Override
    public List<Path> directories(String id) {
        return List.of(directory(id));
    }

    @Override
    public List<Path> parents() {
        return List.of(parent());
    }

    @Override
    public String describe() {
        return "v2";
    }

    @Override
    public Map<String, Boolean> controllers() {
        Map<String, Boolean> controllers = new LinkedHashMap<>();
        for (String name : List.of("memory", "cpu", "cpuset", "pids", "io")) {
            controllers.put(name, available().contains(name));
        }
        // The root itself is not limited and has no such file; whatever lies below has.
        controllers.put("swap", CgroupFiles.children(root).stream().anyMatch(CgroupV2::hasSwap));
        return controllers;
    }

    private static boolean hasSwap(Path directory) {
        return Files.exists(directory.resolve("memory.swap.max"));
    }

    private Path parent() {
        return root.resolve(parent);
    }

    private Path directory(String id) {
        return parent().resolve(id);
    }
}
