package dev.tinydocker.rootfs;

import dev.tinydocker.linux.SecurityLabels;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Root file systems: where they come from, and how one becomes a container's root. */
@Service
public class RootfsService {

    private final Layout layout;
    private final RootfsCache cache;

    public RootfsService(Layout layout, RootfsCache cache) {
        this.layout = layout;
        this.cache = cache;
    }

    /**
     * The files of a directory; it has neither a command nor an environment of its own.
     *
     * @throws NotFound where there is none
     * @throws InvalidRequest where it is no directory
     */
    public Rootfs directory(Path directory) {
        String object = "use '" + directory + "' as a root file system";
        Path real;
        try {
            real = directory.toRealPath();
        } catch (IOException e) {
            throw new NotFound(object, "there is no such directory",
                    "--rootfs takes a directory with bin, etc and so on", e);
        }
        if (!Files.isDirectory(real)) {
            throw new InvalidRequest(object, "it is not a directory", "unpack it first, and name the directory");
        }
        return new Rootfs(directory.toString(), List.of(real), List.of(), List.of());
    }

    /**
     * An entry of the catalogue, fetched and unpacked where it is used for the first time; concurrent callers wait for
     * one fetch.
     *
     * @param progress told what takes long
     * @throws NotFound where the catalogue has no such entry
     * @throws HostLacks where no source of it is within reach
     */
    public Rootfs catalogue(String name, Consumer<String> progress) {
        return cache.get(name, FetchProgress.lines(progress));
    }

    /** The names in the catalogue, in its order. */
    public List<String> names() {
        return cache.names();
    }

    /** The directories of a container's writable layer and the place its root is mounted on. */
    public List<HostStep> hostSteps(String id) {
        return hostSteps(id, layout.mountPoint(id));
    }

    /** The same for a root that is mounted elsewhere. */
    public List<HostStep> hostSteps(String id, Path target) {
        return List.of(
                new HostStep.MakeDirectory(layout.containerData(id), 0700,
                        "which only root enters, because its set-uid programs lie there"),
                new HostStep.MakeDirectory(layout.upper(id), 0755, "which takes what the container writes"),
                new HostStep.MakeDirectory(layout.work(id), 0700, "which overlayfs needs beside it"),
                new HostStep.MakeDirectory(target, 0700, "which the root is mounted on"));
    }

    /**
     * What has to show the container's owners before it is mounted from: the layers, and what is written. Each is
     * mounted on itself, so that its name stays.
     */
    public List<Path> owned(String id, Rootfs rootfs) {
        Overlay overlay = Overlay.of(rootfs.lower());
        List<Path> owned = new ArrayList<>(overlay.beside() == null ? rootfs.lower() : List.of(overlay.beside()));
        owned.add(layout.containerData(id));
        return owned;
    }

    /**
     * SELinux's label of layers that do not have it yet: of what is mapped into memory, the file below the overlay is
     * looked at, whatever label the mount has. A directory that a user has named stays as it is.
     */
    public List<HostStep> labels(Rootfs rootfs, String label) {
        return rootfs.lower().stream().filter(layer -> layer.startsWith(layout.dataRoot())
                && !SecurityLabels.of(layer).equals(Optional.of(label)))
                .<HostStep>map(layer -> new HostStep.Label(layer, label, true, "so that containers may execute it"))
                .toList();
    }

    /**
     * Mounts the files under a writable layer, and opens them as the root. Before all other mounts, in a mount
     * namespace whose mounts are not seen on the host.
     *
     * @param ephemeral the writable layer goes with the container's end, so nothing of it need reach a disk
     */
    public List<ShimStep> mountSteps(String id, Rootfs rootfs, boolean ephemeral) {
        return mountSteps(id, rootfs, ephemeral, layout.mountPoint(id));
    }

    /** The same for a root that is mounted elsewhere. */
    public List<ShimStep> mountSteps(String id, Rootfs rootfs, boolean ephemeral, Path target) {
        Overlay overlay = Overlay.of(rootfs.lower());
        String options = overlay.options(rootfs.lower(), "", layout.upper(id), layout.work(id), ephemeral);
        List<ShimStep> steps = new ArrayList<>();
        if (overlay.beside() != null) {
            steps.add(new ShimStep.Directory(overlay.beside()));
        }
        // Devices are in /dev, which the engine fills: one that came with an image is no way to the host's disk.
        steps.add(new ShimStep.Mount(MountFlags.MS_NODEV, "overlay", target.toString(), "overlay", options,
                "so that what the container writes is its own, and '" + rootfs.name() + "' stays as it is"));
        steps.add(new ShimStep.Root(target));
        return steps;
    }

    /**
     * Gives directories a writable layer of their own, over what the root has there.
     *
     * @param targets absolute, without {@code ..}
     */
    public Volumes volumes(String id, Rootfs rootfs, List<String> targets, boolean ephemeral) {
        return Volumes.of(layout, id, Overlay.of(rootfs.lower()), targets, ephemeral);
    }

    /** The directories that show a place of a root file system, the topmost first; none where it has no directory. */
    public List<Path> shown(Rootfs rootfs, String target) {
        String path = target.substring(1);
        return LayerDirectory.find(rootfs.lower(), path).layers().stream().map(layer -> layer.resolve(path)).toList();
    }

    /**
     * The kernel's file systems and the devices every container has; after {@link #mountSteps}, before binds.
     *
     * @param terminals the group that terminals belong to, as the host numbers it; empty for that of whoever opens one
     * @param shmBytes how much /dev/shm takes, null for what is usual
     */
    public List<ShimStep> fileSystems(OptionalInt terminals, @Nullable Long shmBytes) {
        return FileSystems.all(terminals, shmBytes);
    }
}
