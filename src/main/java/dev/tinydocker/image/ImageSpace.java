package dev.tinydocker.image;

import java.util.List;

/**
 * What images take on the disk: layers as they came and as they are unpacked, manifests, configurations. What several
 * images have is counted once.
 *
 * @param bytes of all, and of what no image has any more
 * @param reclaimable what would go with all images that nobody uses
 * @param partialFiles downloads that were broken off, or that go on just now
 */
public record ImageSpace(List<Each> images, long bytes, long reclaimable, int partialFiles, long partialBytes) {

    public ImageSpace {
        images = List.copyOf(images);
    }

    /**
     * One image.
     *
     * @param shared what other images have too
     * @param unique what goes with it
     */
    public record Each(Image image, long shared, long unique) {
    }
}
