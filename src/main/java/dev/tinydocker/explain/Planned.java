package dev.tinydocker.explain;

import dev.tinydocker.cgroup.CgroupFigure;
import dev.tinydocker.cgroup.CgroupFigure.Unit;
import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.History;
import dev.tinydocker.explain.Anatomy.Layer;
import dev.tinydocker.explain.Anatomy.Link;
import dev.tinydocker.explain.Anatomy.Mount;
import dev.tinydocker.explain.Anatomy.Network;
import dev.tinydocker.explain.Anatomy.Origin;
import dev.tinydocker.explain.Anatomy.Port;
import dev.tinydocker.explain.Anatomy.Range;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.rootfs.RootfsService;
import dev.tinydocker.security.SecurityService;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** What a container that does not run is made of, as the record has it: what was asked for, and what it was given. */
@Component
class Planned {

    private final History history;
    private final RootfsService rootfs;
    private final SecurityService security;
    private final Layout layout;

    Planned(History history, RootfsService rootfs, SecurityService security, Layout layout) {
        this.history = history;
        this.rootfs = rootfs;
        this.security = security;
        this.layout = layout;
    }

    Anatomy of(Container container) {
        ContainerSpec spec = container.spec();
        return new Anatomy(container.id(), container.name(), container.image(), Anatomies.state(container), false,
                Instant.now(), null, List.of(), namespaces(spec), List.of(), figures(spec.limits()), mounts(container),
                network(spec.network()), users(spec.usersOrHost()), walls(spec.security()));
    }

    private static List<Anatomy.Namespace> namespaces(ContainerSpec spec) {
        List<String> own = new ArrayList<>(List.of("mnt", "pid", "uts", "ipc", "cgroup"));
        if (!spec.network().sharesHost()) {
            own.add("net");
        }
        if (spec.usersOrHost().apart()) {
            own.add("user");
        }
        return Namespaces.planned(new ProcFiles("self"), own);
    }

    private static List<CgroupFigure> figures(Limits limits) {
        List<CgroupFigure> figures = new ArrayList<>();
        add(figures, "memory", Unit.BYTES, limits.memoryBytes());
        add(figures, "memory and swap", Unit.BYTES, limits.memorySwapBytes());
        add(figures, "processes", Unit.COUNT, limits.pids());
        add(figures, "CPU quota", Unit.QUOTA, limits.cpuMicros());
        add(figures, "CPU weight", Unit.WEIGHT, limits.cpuShares());
        if (limits.cpus() != null) {
            figures.add(new CgroupFigure("CPUs", Unit.TEXT, null, "", null, "", limits.cpus()));
        }
        return figures;
    }

    private static void add(List<CgroupFigure> figures, String what, Unit unit, @Nullable Long limit) {
        if (limit != null) {
            figures.add(new CgroupFigure(what, unit, null, "", limit < 0 ? null : limit, "", ""));
        }
    }

    private List<Mount> mounts(Container container) {
        ContainerSpec spec = container.spec();
        List<Mount> mounts = new ArrayList<>();
        List<Layer> layers = new ArrayList<>();
        layers.add(new Layer(layout.upper(container.id()).toString(), true));
        history.layers(container).forEach(path -> layers.add(new Layer(path.toString(), false)));
        mounts.add(new Mount("/", "overlay", spec.readOnly() ? List.of("ro") : List.of("rw"), Origin.IMAGE, "overlay",
                layers));
        for (ShimStep step : rootfs.fileSystems(OptionalInt.empty(), spec.shmBytes())) {
            if (step instanceof ShimStep.MountIn mount) {
                mounts.add(new Mount(mount.target(), mount.type(), List.of(),
                        mount.type().equals("tmpfs") ? Origin.MEMORY : Origin.KERNEL, mount.source(), List.of()));
            }
        }
        spec.volumes().forEach(target -> mounts.add(new Mount(target, "", List.of("rw"), Origin.VOLUME, "",
                List.of())));
        for (dev.tinydocker.volume.Mount mount : spec.mounts()) {
            mounts.add(switch (mount) {
                case dev.tinydocker.volume.Mount.Bind bind -> new Mount(bind.target(), "",
                        List.of(bind.readOnly() ? "ro" : "rw"), Origin.BIND, bind.source(), List.of());
                case dev.tinydocker.volume.Mount.Tmpfs tmpfs -> new Mount(tmpfs.target(), "tmpfs",
                        tmpfs.options(), Origin.MEMORY, "tmpfs", List.of());
            });
        }
        mounts.sort(Comparator.comparing(Mount::target));
        return mounts;
    }

    private static Network network(NetworkWish wish) {
        List<Link> links = new ArrayList<>();
        wish.endpoints().stream().filter(_ -> wish.mode().isConnected()).forEach(endpoint -> links.add(new Link(
                "eth" + links.size(), 0, "", 0, false, List.of(), endpoint.network(), null, null)));
        return new Network(WaysOut.mode(wish), links, List.of(), wish.published().stream()
                .map(port -> new Port(port.outside(), port.inside(), "", "")).toList(), List.of());
    }

    private static Anatomy.Users users(Users users) {
        List<Range> ranges = users.ranges().stream()
                .map(range -> new Range(range.inside(), range.outside(), range.size())).toList();
        return new Anatomy.Users(users.apart(), ranges, ranges);
    }

    private Anatomy.Walls walls(SecurityWish wish) {
        List<String> root = SecurityService.names(security.rootCapabilities(wish));
        boolean filtered = security.isFiltered(wish);
        return new Anatomy.Walls(root, root, root, List.of(), List.of(), security.noNewPrivileges(wish),
                filtered ? 2 : 0, filtered ? 1 : 0, filtered ? Anatomies.profile(wish) : "none", "");
    }
}
