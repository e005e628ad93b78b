package dev.tinydocker.rootfs;

import dev.tinydocker.linux.FileStat;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.MountFlags;
import dev.tinydocker.plan.MountPoint;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.store.Layout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Directories of a container that have a writable layer of their own, over what its image has there: nothing is copied.
 * They are written to where the root is read-only, and go with the container.
 *
 * @param host what is made for them on the host
 * @param shim what mounts them, those that others lie in first; after the root, before what a user mounts
 */
public record Volumes(List<HostStep> host, List<ShimStep> shim) {

    private static final String WHY = "because its image wants a volume there";

    static Volumes of(Layout layout, String id, Overlay image, List<String> targets, boolean ephemeral) {
        List<HostStep> host = new ArrayList<>();
        List<ShimStep> shim = new ArrayList<>();
        for (String target : targets.stream().sorted().toList()) {
            int number = shim.size();
            Path upper = layout.volumeUpper(id, number);
            Path work = layout.volumeWork(id, number);
            String path = target.substring(1);
            LayerDirectory found = LayerDirectory.find(image.layers(), path);
            FileStat stat = found.stat();
            host.add(new HostStep.MakeDirectory(upper, 0755, "which takes what is written to " + target));
            if (stat == null) {
                shim.add(new ShimStep.BindIn(MountFlags.MOUNT_ATTR_NODEV, false, MountPoint.DIRECTORY,
                        MountFlags.MS_PRIVATE, upper.toString(),
                        target, WHY));
            } else {
                host.add(new HostStep.Own(upper, stat.user(), stat.group(), stat.permissions(),
                        "as it is in the image"));
                host.add(new HostStep.MakeDirectory(work, 0700, "which overlayfs needs beside it"));
                shim.add(new ShimStep.MountIn(MountFlags.MS_NODEV, MountPoint.DIRECTORY, "overlay", target, "overlay",
                        image.options(found.layers(), path, upper, work, ephemeral), WHY));
            }
        }
        return new Volumes(List.copyOf(host), List.copyOf(shim));
    }
}
