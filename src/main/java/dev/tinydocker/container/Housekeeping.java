package dev.tinydocker.container;

import dev.tinydocker.image.ImageService;
import dev.tinydocker.network.Networks;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.rootfs.RootfsCache;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.TreeSize;
import org.springframework.stereotype.Service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is kept on the disk and for whom, and how what nobody needs goes. Blocks: platform threads only. */
@Service
public class Housekeeping {

    /** One that was made a moment ago is about to be started. */
    private static final Duration ABOUT_TO_START = Duration.ofSeconds(30);

    private final ContainerService containers;
    private final Networks networks;
    private final ImageService images;
    private final RootfsCache roots;
    private final Layout layout;

    Housekeeping(ContainerService containers, Networks networks, ImageService images, RootfsCache roots,
            Layout layout) {
        this.containers = containers;
        this.networks = networks;
        this.images = images;
        this.roots = roots;
        this.layout = layout;
    }

    /**
     * What went.
     *
     * @param containers their ids
     * @param networks their names
     * @param images lines, as {@code rmi} prints them
     * @param roots root file systems, by their names
     * @param bytes what that gives back
     */
    public record Pruned(List<String> containers, List<String> networks, List<String> images, List<String> roots,
            long bytes) {
    }

    /** Looks at every file: takes as long as that takes. */
    public DiskUse use() {
        List<Container> all = containers.list();
        Map<String, Long> users = all.stream().filter(container -> container.spec().imageId() != null)
                .collect(Collectors.groupingBy(container -> String.valueOf(container.spec().imageId()),
                        Collectors.counting()));
        List<DiskUse.OfVolume> volumes = new ArrayList<>();
        List<DiskUse.OfContainer> each = new ArrayList<>();
        for (Container container : all) {
            each.add(new DiskUse.OfContainer(container, TreeSize.of(layout.upper(container.id()))
                    + TreeSize.of(layout.logDirectory(container.id()))));
            // Numbered in this order, as they were when they were made.
            List<String> targets = container.spec().volumes().stream().sorted().toList();
            for (int volume = 0; volume < targets.size(); volume++) {
                volumes.add(new DiskUse.OfVolume(container, targets.get(volume),
                        TreeSize.of(layout.volumeUpper(container.id(), volume))));
            }
        }
        return new DiskUse(images.space(users.keySet()), users, each, volumes, roots.space());
    }

    /** Removes containers that have ended, then networks and images that nobody uses then, and the rest. */
    public Pruned prune(PruneWish wish) {
        Pruned ended = pruneContainers(wish.containers());
        List<String> unneeded = networks.prune(wish.networks());
        ImageService.Pruned unused = images.prune(wish.named(), wish.images());
        long bytes = ended.bytes() + unused.bytes();
        List<String> removed = List.of();
        if (wish.rest()) {
            bytes += images.prunePartial();
            RootfsCache.Cleaned cleaned = wish.named() ? roots.clean(List.of(), true) : roots.cleanUnpacked();
            bytes += cleaned.bytes();
            removed = cleaned.removed();
        }
        return new Pruned(ended.containers(), unneeded, unused.lines(), removed, bytes);
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
        return new Pruned(removed, List.of(), List.of(), List.of(), bytes);
    }

    private static boolean hasEnded(Container container) {
        return switch (container.state()) {
            case EXITED -> !container.isLeaving();
            case DEAD -> true;
            case CREATED -> container.createdAt().isBefore(Instant.now().minus(ABOUT_TO_START));
            default -> false;
        };
    }
}
