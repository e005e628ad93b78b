package dev.tinydocker.image;

import java.nio.file.Path;
import java.util.List;

/**
 * An image that is here, whole.
 *
 * @param id {@code sha256:} and 64 digits, the digest of its configuration
 * @param layers unpacked, the topmost first
 * @param tags its names, as people write them: {@code alpine:3.22}
 * @param digests the names registries know it by: {@code alpine@sha256:…}
 * @param bytes of its files
 * @param manifest the digest of the document it came with
 */
public record Image(String id, ImageConfig config, List<Path> layers, List<String> tags, List<String> digests,
        long bytes, String manifest) {

    public Image {
        layers = List.copyOf(layers);
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }

    /** Twelve digits. */
    public String shortId() {
        return Digest.brief(id);
    }
}
