package dev.tinydocker.container;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.network.Networks;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.rootfs.RootfsCache;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.Reserve;
import dev.tinydocker.store.TreeSize;
import dev.tinydocker.volume.NamedVolumes;
import dev.tinydocker.volume.VolumeUsers;
import org.springframework.stereotype.Service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is kept on the disk and for whom, and how what nobody needs goes. Blocks: platform threads only. */
@Service
public class Housekeeping {

    private final ContainerService containers;
    private final Networks networks;
    private final ImageService images;
    private final RootfsCache roots;
    private final NamedVolumes volumes;
    private final Layout layout;
    private final Reserve reserve;

    Housekeeping(ContainerService containers, Networks networks, ImageService images, RootfsCache roots,
            NamedVolumes volumes, Layout layout, Reserve reserve) {
        this.containers = containers;
        this.networks = networks;
        this.images = images;
        this.roots = roots;
        this.volumes = volumes;
        this.layout = layout;
        this.reserve = reserve;
    }

    /**
     * What went.
     *
     * @param containers their ids
     * @param networks their names
     * @param volumes their names
     * @param images lines, as {@code rmi} prints them
     * @param roots root file systems, by their names
     * @param bytes what that gives back
     */
    public record Pruned(List<String> containers, List<String> networks, List<String> volumes, List<String> images,
            List<String> roots, long bytes) {
    }

    /** Looks at every file: takes as long as that takes. */
    public DiskUse use() {
        List<Container> all = containers.list();
        Map<String, Long> users = all.stream().filter(container -> container.spec().imageId() != null)
                .collect(Collectors.groupingBy(container -> String.valueOf(container.spec().imageId()),
                        Collectors.counting()));
        List<DiskUse.OfVolume> owned = new ArrayList<>();
        List<DiskUse.OfContainer> each = new ArrayList<>();
        for (Container container : all) {
            each.add(new DiskUse.OfContainer(container, TreeSize.of(layout.upper(container.id()))
                    + TreeSize.of(layout.logDirectory(container.id()))));
            layout.volumeUppers(container.id(), container.spec().volumes()).forEach((target, upper) ->
                    owned.add(new DiskUse.OfVolume(container, target, TreeSize.of(upper))));
        }
        return new DiskUse(images.space(users.keySet()), users, each, owned, named(), roots.space());
    }

    private List<DiskUse.OfNamed> named() {
        List<VolumeUsers.Use> uses = volumes.uses();
        return volumes.list().stream().map(volume -> {
            List<VolumeUsers.Use> links = uses.stream().filter(use -> use.volume().equals(volume.name())).toList();
            return new DiskUse.OfNamed(volume, links.size(), links.stream().anyMatch(VolumeUsers.Use::running),
                    volumes.bytes(volume.name()));
        }).toList();
    }

    /** Removes containers that have ended, then networks and images that nobody uses then, and the rest. */
    public Pruned prune(PruneWish wish) {
        try (Reserve.Given _ = reserve.give()) {
            return pruneAll(wish);
        }
    }

    private Pruned pruneAll(PruneWish wish) {
        Pruned ended = pruneContainers(wish.containers());
        List<String> unneeded = networks.prune(wish.networks());
        ImageService.Pruned unused = images.prune(wish.named(), wish.images());
        NamedVolumes.Pruned nameless = wish.volumes().map(wanted -> volumes.prune(false, wanted))
                .orElseGet(() -> new NamedVolumes.Pruned(List.of(), 0));
        long bytes = ended.bytes() + unused.bytes() + nameless.bytes();
        List<String> removed = List.of();
        if (wish.rest()) {
            bytes += images.prunePartial();
            RootfsCache.Cleaned cleaned = wish.named() ? roots.clean(List.of(), true) : roots.cleanUnpacked();
            bytes += cleaned.bytes();
            removed = cleaned.removed();
        }
        return new Pruned(ended.containers(), unneeded, nameless.names(), unused.lines(), removed, bytes);
    }

    /** Removes containers that have ended. */
    public Pruned pruneContainers(Predicate<Container> wanted) {
        List<String> removed = new ArrayList<>();
        long bytes = 0;
        for (Container container : containers.list()) {
            if (hasEnded(container) && wanted.test(container)) {
                try {
                    long size = TreeSize.of(layout.containerData(container.id()));
                    containers.remove(container.id(), false);
                    bytes += size;
                    removed.add(container.id());
                } catch (NotFound | Conflict e) {
                    // Somebody else has removed it, or started it.
                    continue;
                }
            }
        }
        return new Pruned(removed, List.of(), List.of(), List.of(), List.of(), bytes);
    }

    private static boolean hasEnded(Container container) {
        return switch (container.state()) {
            case EXITED -> !container.isLeaving();
            case DEAD -> true;
            default -> false;
        };
    }
}
