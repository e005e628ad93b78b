package dev.tinydocker.container;

import dev.tinydocker.archive.LayerWriter;
import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Snapshot;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Takes a container's files: as an image, or as they are. */
@Component
class Snapshots {

    private final Bases bases;
    private final Differ differ;
    private final CgroupService cgroups;
    private final ImageService images;
    private final Layout layout;

    Snapshots(Bases bases, Differ differ, CgroupService cgroups, ImageService images, Layout layout) {
        this.bases = bases;
        this.differ = differ;
        this.cgroups = cgroups;
        this.images = images;
        this.layout = layout;
    }

    /**
     * Makes an image of what a container has written and what it runs with.
     *
     * @param pause its processes stand still while its files are read
     * @return the image's id
     */
    String commit(Container container, boolean pause, Snapshot.Words words) {
        ContainerSpec spec = container.spec();
        Integer signal = spec.stopSignal();
        try (Stillness still = Stillness.of(cgroups, container, pause)) {
            Snapshot.Packing packing = packing(container);
            return images.commit(new Snapshot(container.name(), spec.imageId(), packing == null ? null : tar -> {
                packing.pack(tar);
                still.end();
            }, spec.entrypoint() == null ? List.of() : spec.entrypoint(), spec.command(),
                    spec.environment().entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList(),
                    spec.user(), spec.workingDirectory(), spec.labels(), ports(spec.network()),
                    signal == null ? null : Signal.name(signal),
                    spec.health() == null ? null : spec.health().ofImage()), words);
        }
    }

    private static List<String> ports(NetworkWish network) {
        return Stream.concat(network.exposed().stream(), network.ports().stream())
                .map(port -> port.containerPort() + "/" + port.protocol().word()).distinct().toList();
    }

    /** The layer above its image's; of what was made from no image, all its files. Null where nothing has changed. */
    private Snapshot.@Nullable Packing packing(Container container) {
        Path upper = layout.upper(container.id());
        AtomicBoolean changed = new AtomicBoolean();
        Set<String> made = Files.isDirectory(upper) ? differ.look(container, _ -> changed.set(true)) : Set.of();
        if (container.spec().imageId() == null) {
            List<Path> layers = layers("commit", container);
            return tar -> LayerWriter.packMerged(layers, tar, made::contains);
        }
        return changed.get() ? tar -> LayerWriter.packLayer(upper, tar, made::contains) : null;
    }

    /** Writes all its files as a tar archive, as it sees them without its mounts. */
    void export(Container container, OutputStream tar) {
        try {
            LayerWriter.packMerged(layers("export", container), tar, _ -> false);
        } catch (IOException e) {
            throw new SystemFailure("export '" + container.name() + "'",
                    "it cannot be written: " + FileFailures.reason(e), "", e);
        }
    }

    /** The directories that make its files, the topmost first. */
    private List<Path> layers(String deed, Container container) {
        List<Path> layers = new ArrayList<>();
        Path upper = layout.upper(container.id());
        if (Files.isDirectory(upper)) {
            layers.add(upper);
        }
        layers.addAll(bases.root(container).lower());
        Path data = real(layout.dataRoot());
        if (layers.stream().skip(1).anyMatch(data::startsWith)) {
            throw new InvalidRequest(deed + " '" + container.name() + "'",
                    "its root file system holds the engine's own data in '" + data + "'",
                    "take a directory for --rootfs that does not");
        }
        return layers;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }
}
