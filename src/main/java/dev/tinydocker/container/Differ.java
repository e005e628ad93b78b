package dev.tinydocker.container;

import dev.tinydocker.archive.LayerChanges;
import dev.tinydocker.archive.LayerChanges.Change;
import dev.tinydocker.archive.LayerChanges.Kind;
import dev.tinydocker.image.Image;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a container has changed in the files it was started from. */
@Component
class Differ {

    /** Places that are made for mounts where an image does not have them: not the container's doing. */
    private static final Set<String> MADE_FOR_MOUNTS = Set.of("/proc", "/dev", "/sys", "/etc/hosts", "/etc/hostname",
            "/etc/resolv.conf");

    private final Bases bases;
    private final ImageService images;
    private final Layout layout;

    Differ(Bases bases, ImageService images, Layout layout) {
        this.bases = bases;
        this.images = images;
        this.layout = layout;
    }

    List<Change> changes(Container container) {
        Set<String> made = new HashSet<>(MADE_FOR_MOUNTS);
        container.spec().mounts().forEach(mount -> made.add(mount.target()));
        made.addAll(container.spec().volumes());
        return without(made, LayerChanges.of(layout.upper(container.id()), lower(container)));
    }

    private List<Path> lower(Container container) {
        ContainerSpec spec = container.spec();
        if (spec.imageId() == null) {
            Rootfs root = bases.find(spec.pulled(), _ -> { }).root();
            return root.lower();
        }
        Optional<Image> image = images.find(spec.imageId());
        return image.orElseThrow(() -> new NotFound("compare '" + container.name() + "' with its image",
                "the image is not here any more", "")).layers();
    }

    /** Leaves out what was made, and directories in which nothing else has changed; what is in one follows it. */
    private static List<Change> without(Set<String> made, List<Change> all) {
        LinkedList<Change> kept = new LinkedList<>();
        Set<String> emptied = new HashSet<>();
        for (Change change : all.reversed()) {
            String path = change.path();
            String parent = path.substring(0, Math.max(path.lastIndexOf('/'), 0));
            boolean was = change.kind() == Kind.ADDED && made.contains(path);
            boolean only = emptied.contains(path) && (kept.isEmpty() || !kept.getFirst().path().startsWith(path + "/"));
            if (was || only && change.kind() == Kind.CHANGED) {
                emptied.add(parent);
            } else {
                kept.addFirst(change);
            }
        }
        return List.copyOf(kept);
    }
}
