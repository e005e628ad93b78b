package dev.tinydocker.rootfs;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Root file systems: where they come from, and how one becomes a container's root. */
@Service
public class RootfsService {

    /**
     * The files of a directory; it has neither a command nor an environment of its own.
     *
     * @throws dev.tinydocker.problem.NotFound where there is none
     * @throws dev.tinydocker.problem.InvalidRequest where it is no directory
     */
    public Rootfs directory(Path directory) {
        throw new UnsupportedOperationException();
    }

    /**
     * An entry of the catalogue, fetched and unpacked where it is used for the first time; concurrent callers wait for one fetch.
     *
     * @param progress told in whole sentences what takes long
     * @throws dev.tinydocker.problem.NotFound where the catalogue has no such entry
     * @throws dev.tinydocker.problem.HostLacks where no source of it is within reach
     */
    public Rootfs catalogue(String name, Consumer<String> progress) {
        throw new UnsupportedOperationException();
    }

    /** The names in the catalogue, in its order. */
    public List<String> names() {
        throw new UnsupportedOperationException();
    }

    /** The directories of a container's writable layer and the place its root is mounted on. */
    public List<HostStep> hostSteps(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Detaches the mount table from the host's, mounts the files under a writable layer, and opens them as the root. First of all
     * mounts.
     *
     * @param ephemeral the writable layer goes with the container's end, so nothing of it need reach a disk
     */
    public List<ShimStep> mountSteps(String id, Rootfs rootfs, boolean ephemeral) {
        throw new UnsupportedOperationException();
    }

    /** The kernel's file systems and the devices every container has; after {@link #mountSteps}, before binds. */
    public List<ShimStep> fileSystems(boolean tty) {
        throw new UnsupportedOperationException();
    }
}
