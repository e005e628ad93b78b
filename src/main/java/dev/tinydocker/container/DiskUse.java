package dev.tinydocker.container;

import dev.tinydocker.image.ImageSpace;
import dev.tinydocker.rootfs.RootfsSpace;
import dev.tinydocker.volume.Volume;

import java.util.List;
import java.util.Map;

/**
 * What is kept on the disk, and for whom.
 *
 * @param users how many containers were made from an image, by its id
 */
public record DiskUse(ImageSpace images, Map<String, Long> users, List<OfContainer> containers, List<OfVolume> volumes,
        List<OfNamed> named, List<RootfsSpace> roots) {

    public DiskUse {
        users = Map.copyOf(users);
        containers = List.copyOf(containers);
        volumes = List.copyOf(volumes);
        named = List.copyOf(named);
        roots = List.copyOf(roots);
    }

    /** A container, and the bytes of the files it has written, and of its log. */
    public record OfContainer(Container container, long bytes) {
    }

    /** A volume that outlives containers, how many have it, whether one of them runs, and the bytes of its files. */
    public record OfNamed(Volume volume, int links, boolean active, long bytes) {
    }

    /** A volume that an image wanted, and the bytes of the files that its container has written to it. */
    public record OfVolume(Container container, String target, long bytes) {
    }
}
