package dev.tinydocker.volume;

import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Binds and temporary file systems of a container. */
@Service
public class VolumeService {

    /**
     * The mounts as steps, those that others lie in first. Looks at the sources: {@link #prepare} comes before.
     *
     * @param owned whether a source is to show the container's owners
     */
    public List<ShimStep> steps(List<Mount> mounts, Predicate<Path> owned) {
        return mounts.stream().sorted(Comparator.comparingInt(mount -> Path.of(mount.target()).getNameCount()))
                .map(mount -> step(mount, owned)).collect(Collectors.toList());
    }

    /**
     * Makes missing source directories where the mount asks for that.
     *
     * @throws NotFound where a source is missing that must exist
     * @throws InvalidRequest where two mounts have the same target
     */
    public void prepare(List<Mount> mounts) {
        Set<String> targets = new HashSet<>();
        for (Mount mount : mounts) {
            if (!targets.add(mount.target())) {
                throw new InvalidRequest("mount on '" + mount.target() + "'", "it is named twice",
                        "name each target once");
            }
        }
        for (Mount mount : mounts) {
            if (mount instanceof Mount.Bind bind) {
                prepare(bind);
            }
        }
    }

    private static void prepare(Mount.Bind bind) {
        Path source = Path.of(bind.source());
        if (Files.exists(source)) {
            return;
        }
        if (!bind.createSource()) {
            throw new NotFound("mount '" + bind.source() + "' on '" + bind.target() + "'",
                    "bind source path does not exist", "make it first, or use -v, which makes a directory");
        }
        try {
            Files.createDirectories(source);
        } catch (FileAlreadyExistsException e) {
            throw new InvalidRequest("mount '" + bind.source() + "' on '" + bind.target() + "'",
                    "'" + e.getFile() + "' is not a directory", "is it a link that leads nowhere?", e);
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f && f.getReason() != null ? f.getReason()
                    : String.valueOf(e.getMessage());
            throw new SystemFailure("make the directory '" + bind.source() + "'", reason, "make it first", e);
        }
    }

    private static ShimStep step(Mount mount, Predicate<Path> owned) {
        return switch (mount) {
            case Mount.Bind bind -> step(bind, owned);
            case Mount.Tmpfs tmpfs -> step(tmpfs);
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
                Files.isDirectory(source) ? MountPoint.DIRECTORY : MountPoint.FILE,
                bind.propagation().endsWith("slave") ? MountFlags.MS_SLAVE : MountFlags.MS_PRIVATE, bind.source(),
                bind.target(), "as was asked");
    }

    private static ShimStep step(Mount.Tmpfs tmpfs) {
        long flags = MountFlags.MS_NOSUID | MountFlags.MS_NODEV | (tmpfs.exec() ? 0 : MountFlags.MS_NOEXEC)
                | (tmpfs.readOnly() ? MountFlags.MS_RDONLY : 0);
        String size = tmpfs.sizeBytes() == null ? "" : "size=" + tmpfs.sizeBytes();
        String mode = tmpfs.mode() == null ? "" : "mode=" + Integer.toOctalString(tmpfs.mode());
        String data = Stream.of(size, mode).filter(option -> !option.isEmpty()).collect(Collectors.joining(","));
        return new ShimStep.MountIn(flags, MountPoint.DIRECTORY, "tmpfs", tmpfs.target(), "tmpfs", data,
                "as was asked");
    }
}
