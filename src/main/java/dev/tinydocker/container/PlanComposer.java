package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupPlan;
import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.log.LogService;
import dev.tinydocker.linux.Sysctl;
import dev.tinydocker.namespace.NamespaceService;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.plan.CloneFlags;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.rootfs.RootfsService;
import dev.tinydocker.rootfs.Volumes;
import dev.tinydocker.security.Labels;
import dev.tinydocker.security.SecurityService;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.shim.Idmapping;
import dev.tinydocker.store.Layout;
import dev.tinydocker.volume.Mount;
import dev.tinydocker.volume.VolumeService;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Turns a container's wishes into its plan: asks every service for its steps and puts them in the one order that works.
 * Does nothing itself.
 */
@Component
class PlanComposer {

    /** The group that terminals belong to. */
    private static final int TTY = 5;

    private final Layout layout;
    private final NamespaceService namespaces;
    private final Idmapping idmapping;
    private final CgroupService cgroups;
    private final RootfsService rootfs;
    private final NetworkService network;
    private final VolumeService volumes;
    private final SecurityService security;
    private final LogService logs;
    private final Sharing sharing;

    PlanComposer(Layout layout, NamespaceService namespaces, Idmapping idmapping, CgroupService cgroups,
            RootfsService rootfs, NetworkService network, VolumeService volumes, SecurityService security,
            LogService logs, Sharing sharing) {
        this.layout = layout;
        this.namespaces = namespaces;
        this.idmapping = idmapping;
        this.cgroups = cgroups;
        this.rootfs = rootfs;
        this.network = network;
        this.volumes = volumes;
        this.security = security;
        this.logs = logs;
        this.sharing = sharing;
    }

    /** The plan of a container. @param leases what it has of networks, in the order of its links */
    ComposedPlan container(Container container, Rootfs root, List<Lease> leases) {
        String id = container.id();
        ContainerSpec spec = container.spec();
        Path run = layout.containerRun(id);
        Users users = spec.usersOrHost();
        Optional<Sharing.Other> other = sharing.other(container);
        String hostname = hostname(container);
        CgroupPlan cgroup = cgroups.plan(id, spec.limits(), spec.devicesOrUsual(), spec.security().privileged());
        Volumes own = rootfs.volumes(id, root, spec.volumes(), spec.autoRemove());
        Labels labels = security.labels(spec.security(), id);
        List<HostStep> first = new ArrayList<>(rootfs.hostSteps(id));
        first.add(new HostStep.MakeDirectory(layout.logDirectory(id), 0700, "which holds the log"));
        first.addAll(labels(root, spec, labels));
        // Who joins its network has these files too.
        List<HostStep> beside = new ArrayList<>(security.made(network.files(run, hostname, spec.network(), leases,
                users.root()), labels.forAll()));
        beside.addAll(security.made(own.host(), labels));
        (cgroup.cloneInto().isEmpty() ? beside : first).addAll(cgroup.host());

        List<ShimStep> shim = birth(container, run, cgroup);
        oomScore(shim, spec);
        shim.addAll(security.early(spec.security(), id));
        // First: what is mounted for the network shows the one that it is mounted in.
        other.ifPresent(running -> shim.add(running.join()));
        shim.add(new ShimStep.Mount(MountFlags.MS_REC | MountFlags.MS_SLAVE, "none", "/", "", "",
                "so that no mount made here is seen on the host"));
        shim.addAll(namespaces.owned(users, rootfs.owned(id, root)));
        shim.addAll(rootfs.mountSteps(id, root, spec.autoRemove()));
        shim.addAll(security.system(rootfs.fileSystems(users.outside(TTY), spec.shmBytes()), spec.security()));
        GivenNodes.Nodes nodes = GivenNodes.of(shim, spec.devicesOrUsual(), spec.security().privileged());
        shim.addAll(nodes.steps());
        shim.addAll(namespaces.usual(spec.network().mode().isMade(), users, spec.sysctlsOrNone().keySet()));
        shim.add(new ShimStep.AwaitHost());
        shim.addAll(cgroup.join());
        shim.addAll(security.system(cgroup.mounts(), spec.security()));
        shim.addAll(network.binds(other.map(Sharing.Other::files).orElse(run), spec.readOnly()));
        shim.addAll(own.shim());
        // A source that has no owners to show is shown as it is.
        shim.addAll(volumes.steps(spec.mounts(), source -> users.apart() && idmapping.of(source).possible(),
                users::outside));
        shim.addAll(security.masks(spec.security()));
        shim.add(new ShimStep.Hostname(hostname));
        pivot(shim, spec, leases);
        shim.addAll(security.limits(spec.resourceLimits()));
        if (spec.tty()) {
            shim.add(new ShimStep.Console(true));
        }
        shim.addAll(namespaces.enter(users, security.mayMount(spec.security())));
        process(shim, spec, spec.security(), spec.user(), true, spec.workingDirectory());
        if (spec.init()) {
            shim.addAll(security.init(spec.security()));
        }
        shim.add(new ShimStep.Exec(container.argv(), Variables.of(spec, hostname)));
        List<String> warnings = Stream.of(cgroup.warnings(), security.warnings(spec.resourceLimits(), spec.security()),
                nodes.warnings(), security.oomWarnings(spec.oomScoreAdjustment())).flatMap(List::stream).toList();
        return new ComposedPlan(ComposedPlan.place(run), first, beside, security.labelled(shim, labels), warnings);
    }

    /** SELinux's labels of what is there before the container is. */
    private List<HostStep> labels(Rootfs root, ContainerSpec spec, Labels labels) {
        if (labels.isNone()) {
            return List.of();
        }
        List<HostStep> steps = new ArrayList<>(labels.layers().isEmpty() ? List.of()
                : rootfs.labels(root, labels.layers()));
        steps.addAll(volumes.labels(spec.mounts(), labels.files(), labels.shared()));
        return steps;
    }

    /** What the shim does itself, up to the child. */
    private List<ShimStep> birth(Container container, Path run, CgroupPlan cgroup) {
        ContainerSpec spec = container.spec();
        Users users = spec.usersOrHost();
        boolean ownNetwork = spec.network().mode().isMade();
        List<ShimStep> shim = new ArrayList<>();
        shim.add(new ShimStep.Stdio(spec.tty(), spec.openStdin(), spec.stdinOnce(), 0, 0));
        shim.addAll(namespaces.made(users, ownNetwork));
        shim.add(new ShimStep.ExitRecord(layout.exitRecord(run)));
        shim.add(logs.step(layout.logFile(container.id()), spec.log()));
        // A user may want what is shown for himself, as soon as the container has ended.
        if (spec.autoRemove() && binds(spec).isEmpty()) {
            shim.add(new ShimStep.HoldMounts());
        }
        shim.add(namespaces.born(users, ownNetwork, cgroup.cloneInto()));
        return shim;
    }

    private static List<Mount> binds(ContainerSpec spec) {
        return spec.mounts().stream().filter(mount -> !(mount instanceof Mount.Tmpfs)).toList();
    }

    /** The network and what is set of the kernel, around the moment when the host's files go. */
    private void pivot(List<ShimStep> shim, ContainerSpec spec, List<Lease> leases) {
        NetworkMode mode = spec.network().mode();
        // Settings of a link take the link, and the host's /proc: then the engine is waited for here already.
        if (!spec.sysctlsOrNone().isEmpty()) {
            shim.addAll(network.stack(mode, leases));
            shim.addAll(namespaces.sysctls(spec.sysctlsOrNone()));
        }
        shim.add(new ShimStep.Pivot());
        if (spec.readOnly()) {
            shim.add(new ShimStep.RemountRoot());
        }
        if (spec.sysctlsOrNone().isEmpty()) {
            shim.addAll(network.stack(mode, leases));
        }
    }

    /** Where something is mounted in a container: places that its image need not have. */
    Set<String> mountPoints(Container container) {
        ContainerSpec spec = container.spec();
        Set<String> targets = new HashSet<>(spec.volumes());
        spec.mounts().forEach(mount -> targets.add(mount.target()));
        List<ShimStep> files = network.binds(layout.containerRun(container.id()), spec.readOnly());
        Stream.concat(rootfs.fileSystems(OptionalInt.empty(), null).stream(), files.stream())
                .forEach(step -> {
                    if (step instanceof ShimStep.MountIn mount) {
                        targets.add(mount.target());
                    } else if (step instanceof ShimStep.BindIn bind) {
                        targets.add(bind.target());
                    }
                });
        return targets;
    }

    /** The plan of a further process in a running container. */
    ComposedPlan exec(Container container, long startTime, String exec, ExecSpec wish) {
        ContainerSpec spec = container.spec();
        Path run = layout.execRun(exec);
        CgroupPlan cgroup = cgroups.join(container.id());
        List<ShimStep> shim = new ArrayList<>();
        shim.add(new ShimStep.ExitRecord(layout.exitRecord(run)));
        shim.add(new ShimStep.Stdio(wish.tty(), wish.openStdin(), true, 0, 0));
        shim.add(new ShimStep.Clone(0, cgroup.cloneInto()));
        // The host's files are in sight until the mount namespace is joined.
        shim.addAll(cgroup.join());
        oomScore(shim, spec);
        SecurityWish walls = wish.privileged() ? spec.security().withAllCapabilities() : spec.security();
        shim.addAll(security.early(walls, container.id()));
        // No hard limit is raised from within a user namespace.
        shim.addAll(security.limits(spec.resourceLimits()));
        Users users = spec.usersOrHost();
        shim.addAll(namespaces.owned(users, List.of()));
        shim.add(new ShimStep.Join(Objects.requireNonNull(container.pid()), startTime,
                namespaces.joinFlags(spec.network().mode().isOwn(), users.apart())));
        if (wish.tty()) {
            shim.add(new ShimStep.Console(false));
        }
        String user = wish.user() == null ? spec.user() : wish.user();
        String directory = wish.workingDirectory() == null ? spec.workingDirectory() : wish.workingDirectory();
        process(shim, spec, walls, user, false, directory);
        shim.add(new ShimStep.Exec(wish.command(), Variables.of(spec, wish, hostname(container))));
        return new ComposedPlan(ComposedPlan.place(run, "the process"), List.of(), shim, List.of());
    }

    /** The plan of a process that does steps in a container's network namespace, and ends. */
    ComposedPlan inNetwork(Container container, long startTime, String exec, List<ShimStep> steps) {
        Path run = layout.execRun(exec);
        List<ShimStep> shim = new ArrayList<>();
        shim.add(new ShimStep.ExitRecord(layout.exitRecord(run)));
        shim.add(new ShimStep.Stdio(false, false, true, 0, 0));
        shim.add(new ShimStep.Clone(0, ""));
        shim.add(new ShimStep.Join(Objects.requireNonNull(container.pid()), startTime, CloneFlags.CLONE_NEWNET));
        shim.addAll(steps);
        shim.add(new ShimStep.Exec(List.of("true"), List.of(Variables.PATH)));
        return new ComposedPlan(ComposedPlan.place(run, "the process"), List.of(), shim, List.of());
    }

    /**
     * The plan of a process that does nothing but keep a container's files mounted for others to look at, until its
     * input ends: its writable layer over its image's, its volumes and binds. Memory that was mounted is gone.
     */
    ComposedPlan view(Container container, Rootfs root, String exec) {
        String id = container.id();
        ContainerSpec spec = container.spec();
        Path run = layout.execRun(exec);
        Path target = layout.viewMountPoint(exec);
        Volumes own = rootfs.volumes(id, root, spec.volumes(), false);
        List<HostStep> host = new ArrayList<>(rootfs.hostSteps(id, target));
        host.addAll(own.host());

        List<ShimStep> shim = new ArrayList<>();
        shim.add(new ShimStep.ExitRecord(layout.exitRecord(run)));
        shim.add(new ShimStep.Stdio(false, true, true, 0, 0));
        shim.add(new ShimStep.Clone(CloneFlags.CLONE_NEWNS, ""));
        shim.add(new ShimStep.Mount(MountFlags.MS_REC | MountFlags.MS_SLAVE, "none", "/", "", "",
                "so that no mount made here is seen on the host"));
        shim.addAll(rootfs.mountSteps(id, root, false, target));
        shim.addAll(own.shim());
        shim.addAll(volumes.steps(binds(spec), _ -> false, _ -> OptionalInt.empty()));
        if (spec.readOnly()) {
            shim.add(new ShimStep.RemountRoot());
        }
        shim.add(new ShimStep.Exec(List.of("cat"), List.of(Variables.PATH)));
        return new ComposedPlan(ComposedPlan.place(run, "somebody looks"), host, shim, List.of());
    }

    /** What the last steps before execve have in common. */
    private void process(List<ShimStep> shim, ContainerSpec spec, SecurityWish walls, @Nullable String user,
            boolean make, @Nullable String directory) {
        shim.add(new ShimStep.Chdir(make, directory == null ? "/" : directory));
        shim.addAll(security.process(user, walls, spec.network().sharesHost()));
    }

    private void oomScore(List<ShimStep> shim, ContainerSpec spec) {
        int asked = spec.oomScoreAdjustment();
        if (asked != 0) {
            shim.add(new ShimStep.Write(Path.of("/proc/self/oom_score_adj"),
                    Integer.toString(security.oomScore(asked)), "as was asked with --oom-score-adj"));
        }
    }

    String hostname(Container container) {
        ContainerSpec spec = container.spec();
        Container other = sharing.named(container).orElse(null);
        if (other != null) {
            return hostname(other);
        }
        if (spec.hostname() != null) {
            return spec.hostname();
        }
        return spec.network().mode() == NetworkMode.HOST ? Sysctl.get("kernel.hostname") : container.shortId();
    }
}
