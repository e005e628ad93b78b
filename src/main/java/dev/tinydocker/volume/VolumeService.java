package dev.tinydocker.volume;

import dev.tinydocker.linux.SecurityLabels;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Binds, temporary file systems and volumes of a container. */
@Service
public class VolumeService {

    private final NamedVolumes named;
    private final Sources sources;

    VolumeService(NamedVolumes named, Sources sources) {
        this.named = named;
        this.sources = sources;
    }

    /** The same mounts, with the places of volumes. */
    public List<Mount> placed(List<Mount> mounts) {
        return mounts.stream().map(mount -> mount instanceof Mount.Bind bind && bind.volume() != null
                ? bind.at(named.directory(bind.volume().name()).toString()) : mount).toList();
    }

    /**
     * Gives volumes that are empty what the image has in their places.
     *
     * @param shown the directories of the image that show a place, the topmost first
     */
    public void fill(List<Mount> mounts, Function<String, List<Path>> shown) {
        for (Mount mount : mounts) {
            if (mount instanceof Mount.Bind bind && bind.volume() != null && bind.volume().copies()) {
                named.fill(bind.volume().name(), shown.apply(bind.target()));
            }
        }
    }

    /**
     * The mounts as steps, those that others lie in first. Looks at the sources: {@link #prepare} comes before.
     *
     * @param owned whether a source is to show the container's owners
     * @param outside the number on this host of a user or a group of the container, empty where it has no such
     * @throws InvalidRequest where memory is to be somebody's whom the container does not have
     */
    public List<ShimStep> steps(List<Mount> mounts, Predicate<Path> owned, LongFunction<OptionalInt> outside) {
        return mounts.stream().sorted(Comparator.comparingInt(mount -> Path.of(mount.target()).getNameCount()))
                .map(mount -> step(mount, owned, outside)).collect(Collectors.toList());
    }

    /**
     * SELinux's labels of what is mounted: those of binds that ask for it, and of volumes that do not have it yet.
     *
     * @param own the label that this container's files have
     * @param shared that of what several containers use
     */
    public List<HostStep> labels(List<Mount> mounts, String own, String shared) {
        List<HostStep> steps = new ArrayList<>();
        for (Mount mount : mounts) {
            if (mount instanceof Mount.Bind bind) {
                Path source = Path.of(bind.source());
                if (bind.permits().contains("Z")) {
                    steps.add(new HostStep.Label(source, own, true, "so that this container may use it, and no other"));
                } else if (bind.permits().contains("z") || bind.volume() != null && !isLabelled(source, shared)) {
                    steps.add(new HostStep.Label(source, shared, true, "so that containers may use it"));
                }
            }
        }
        return steps;
    }

    private static boolean isLabelled(Path directory, String label) {
        return Files.isDirectory(directory) && SecurityLabels.of(directory).equals(Optional.of(label));
    }

    /**
     * Makes missing source directories where the mount asks for that, and missing volumes.
     *
     * @param made told each, so that it can be undone
     * @throws dev.tinydocker.problem.NotFound where a source is missing that must exist
     * @throws InvalidRequest where two mounts have the same target
     */
    public void prepare(List<Mount> mounts, Made made) {
        Set<String> targets = new HashSet<>();
        for (Mount mount : mounts) {
            if (!targets.add(mount.target())) {
                throw new InvalidRequest("mount on '" + mount.target() + "'", "it is named twice",
                        "name each target once");
            }
        }
        for (Mount mount : mounts) {
            if (mount instanceof Mount.Bind bind) {
                sources.prepare(bind, made);
            }
        }
    }

    /**
     * Takes back what was made for a container that there is not after all, but for what somebody else uses by now.
     *
     * @param made what {@link #prepare} has told
     */
    public void undo(Made made) {
        sources.undo(made);
    }

    private static ShimStep step(Mount mount, Predicate<Path> owned, LongFunction<OptionalInt> outside) {
        return switch (mount) {
            case Mount.Bind bind -> step(bind, owned);
            case Mount.Tmpfs tmpfs -> step(tmpfs, outside);
        };
    }

    private static ShimStep step(Mount.Bind bind, Predicate<Path> owned) {
        Path source = Path.of(bind.source());
        // mount_setattr(2) makes read-only what is mounted below too, which a remount would leave writable.
        long attributes = (bind.readOnly() ? MountFlags.MOUNT_ATTR_RDONLY : 0)
                | (bind.permits().contains("suid") ? 0 : MountFlags.MOUNT_ATTR_NOSUID)
                | (bind.permits().contains("dev") ? 0 : MountFlags.MOUNT_ATTR_NODEV)
                | (owned.test(source) ? MountFlags.MOUNT_ATTR_IDMAP : 0);
        return new ShimStep.BindIn(attributes, bind.recursive(),
                bind.volume() != null || Files.isDirectory(source) ? MountPoint.DIRECTORY : MountPoint.FILE,
                bind.propagation().endsWith("slave") ? MountFlags.MS_SLAVE : MountFlags.MS_PRIVATE, bind.source(),
                bind.target(), "as was asked");
    }

    private static ShimStep step(Mount.Tmpfs tmpfs, LongFunction<OptionalInt> outside) {
        long flags = (tmpfs.permits().contains("suid") ? 0 : MountFlags.MS_NOSUID)
                | (tmpfs.permits().contains("dev") ? 0 : MountFlags.MS_NODEV)
                | (tmpfs.exec() ? 0 : MountFlags.MS_NOEXEC) | (tmpfs.readOnly() ? MountFlags.MS_RDONLY : 0);
        String data = String.join(",", tmpfs.data(owner(tmpfs, "user", tmpfs.uid(), outside),
                owner(tmpfs, "group", tmpfs.gid(), outside)));
        return new ShimStep.MountIn(flags, MountPoint.DIRECTORY, "tmpfs", tmpfs.target(), "tmpfs", data,
                "as was asked");
    }

    private static @Nullable Long owner(Mount.Tmpfs tmpfs, String kind, @Nullable Long inside,
            LongFunction<OptionalInt> outside) {
        return inside == null ? null : Integer.toUnsignedLong(outside.apply(inside).orElseThrow(
                () -> new InvalidRequest("mount memory on '" + tmpfs.target() + "'", "the container has no " + kind
                        + " " + inside, "give a number that its user namespace has, or --userns=host")));
    }
}
