package dev.tinydocker.image;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** What the documents and layers of images are called. */
final class MediaTypes {

    static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
    static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

    private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
    private static final Set<String> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
    private static final Set<String> CONFIGS = Set.of(OCI_CONFIG, DOCKER_CONFIG);
    private static final Set<String> LAYERS = Set.of(OCI_LAYER, OCI_LAYER + "+gzip", OCI_LAYER + "+zstd", DOCKER_LAYER,
            DOCKER_LAYER + ".gzip", DOCKER_LAYER + ".zstd", DOCKER_LAYER + "+gzip", DOCKER_LAYER + "+zstd");

    private MediaTypes() {
    }

    static boolean isIndex(String type) {
        return INDEXES.contains(type);
    }

    static boolean isManifest(String type) {
        return MANIFESTS.contains(type);
    }

    static boolean isConfig(String type) {
        return CONFIGS.contains(type);
    }

    static boolean isLayer(String type) {
        return LAYERS.contains(type);
    }

    /** A layer that no registry is to give: its owner forbids it. */
    static boolean isForeign(String type) {
        return type.contains("nondistributable") || type.contains(".foreign.");
    }

    static boolean isSchema1(String type) {
        return type.contains("distribution.manifest.v1+");
    }

    /** What a layer's bytes are, told by the first of them; null where no registry would take them as they are. */
    static @Nullable String ofLayer(byte[] first) {
        if (starts(first, 0x1f, 0x8b)) {
            return OCI_LAYER + "+gzip";
        }
        if (starts(first, 0x28, 0xb5, 0x2f, 0xfd)) {
            return OCI_LAYER + "+zstd";
        }
        return starts(first, 0xfd, '7', 'z', 'X', 'Z') || starts(first, 'B', 'Z', 'h') ? null : OCI_LAYER;
    }

    private static boolean starts(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes[i] != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }
}
