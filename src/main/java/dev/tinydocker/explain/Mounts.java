package dev.tinydocker.explain;

import dev.tinydocker.container.Container;
import dev.tinydocker.explain.Anatomy.Layer;
import dev.tinydocker.explain.Anatomy.Mount;
import dev.tinydocker.explain.Anatomy.Origin;
import dev.tinydocker.linux.Mountinfo;
import dev.tinydocker.security.SecurityService;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a running container sees mounted, and where each of it comes from. */
@Component
class Mounts {

    private static final Set<String> KERNELS = Set.of("proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2",
            "securityfs", "debugfs", "tracefs", "bpf", "configfs", "fusectl", "hugetlbfs", "pstore", "binfmt_misc");
    private static final Set<String> MEMORIES = Set.of("tmpfs", "ramfs", "devtmpfs");

    private final SecurityService security;
    private final Layout layout;

    Mounts(SecurityService security, Layout layout) {
        this.security = security;
        this.layout = layout;
    }

    /** Those of a container. */
    List<Mount> of(Container container, ProcFiles process) {
        List<Mountinfo> host = Mountinfo.visible(new ProcFiles("self").text("mountinfo"));
        List<String> covered = Stream.concat(security.maskedPaths(container.spec().security()).stream(),
                security.readOnlyPaths(container.spec().security()).stream()).toList();
        return Mountinfo.visible(process.text("mountinfo")).stream().map(mount -> {
            Origin origin = covered.contains(mount.target()) ? Origin.MASK : origin(container, mount, host);
            return mount(mount, origin, from(mount, host));
        }).sorted(Comparator.comparing(Mount::target)).toList();
    }

    /** Those of this host. */
    List<Mount> ofHost() {
        return Mountinfo.visible(new ProcFiles("self").text("mountinfo")).stream()
                .map(mount -> mount(mount, general(mount), mount.source()))
                .sorted(Comparator.comparing(Mount::target)).toList();
    }

    private Mount mount(Mountinfo mount, Origin origin, String from) {
        boolean ours = origin == Origin.IMAGE || origin == Origin.VOLUME;
        return new Mount(mount.target(), mount.type(), mount.options(), origin, from, layers(mount, ours));
    }

    private static Origin general(Mountinfo mount) {
        return KERNELS.contains(mount.type()) ? Origin.KERNEL : MEMORIES.contains(mount.type()) ? Origin.MEMORY
                : Origin.OTHER;
    }

    private Origin origin(Container container, Mountinfo mount, List<Mountinfo> host) {
        String id = container.id();
        if (mount.type().equals("overlay")) {
            Path upper = Path.of(mount.option("upperdir"));
            return upper.equals(layout.upper(id)) ? Origin.IMAGE
                    : upper.startsWith(layout.containerData(id)) ? Origin.VOLUME : Origin.OTHER;
        }
        if (container.spec().mounts().stream().anyMatch(wish -> wish.target().equals(mount.target())
                && wish instanceof dev.tinydocker.volume.Mount.Bind)) {
            return Origin.BIND;
        }
        Origin general = general(mount);
        Path from = Path.of(from(mount, host).startsWith("/") ? from(mount, host) : "/");
        return from.startsWith(layout.containerRun(id)) ? Origin.ENGINE
                : from.startsWith(layout.containerData(id)) ? Origin.VOLUME : general;
    }

    /** The host's path where it shows a part of a file system that the host has too; else what the kernel calls it. */
    private static String from(Mountinfo mount, List<Mountinfo> host) {
        boolean whole = mount.root().equals("/") && general(mount) != Origin.OTHER;
        return whole || mount.type().equals("overlay") ? mount.source()
                : mount.on(host).map(Path::toString).orElse(mount.source());
    }

    /** @param ours whether we have mounted it: who else did has names that lead nowhere from here */
    private List<Layer> layers(Mountinfo mount, boolean ours) {
        if (!mount.type().equals("overlay")) {
            return List.of();
        }
        List<Layer> layers = new ArrayList<>();
        String upper = mount.option("upperdir");
        if (!upper.isEmpty()) {
            layers.add(new Layer(upper, true));
        }
        for (String name : mount.option("lowerdir").split("(?<!\\\\):")) {
            String path = name.replaceAll("\\\\(.)", "$1");
            // Those that lie beside each other are mounted by their names alone.
            layers.add(new Layer(ours && !path.startsWith("/") ? layout.layer(path).toString() : path, false));
        }
        return layers;
    }
}
