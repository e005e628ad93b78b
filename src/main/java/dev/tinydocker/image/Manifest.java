package dev.tinydocker.image;

import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What an image is made of: the document a registry or a layout has for it, checked.
 *
 * @param layers the lowest first
 */
record Manifest(String mediaType, Descriptor config, List<Descriptor> layers) {

    /** Documents above this size are refused before they are read, as registries do. */
    static final long MOST_BYTES = 4L << 20;

    private static final int MOST_LAYERS = 500;

    /** Names and values of one document. Two bytes of it can be an object in memory, which is thirty times as much. */
    private static final long MOST_TOKENS = 100_000;

    /** What says two things at once, or a part of a byte, means one thing to us and another to somebody else. */
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build()).build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /** Where something is and what it is; checked but for those of an index, of which most are not looked at. */
    record Descriptor(@Nullable String mediaType, @Nullable String digest, long size, @Nullable Target platform,
            @Nullable Map<String, String> annotations) {

        static Descriptor of(String mediaType, String digest, long size) {
            return new Descriptor(mediaType, digest, size, null, null);
        }

        String type() {
            return mediaType == null ? "" : mediaType;
        }

        String id() {
            return Objects.requireNonNull(digest);
        }

        String annotation(String name) {
            String value = annotations == null ? null : annotations.get(name);
            return value == null ? "" : value;
        }
    }

    /** A platform as an index has it. */
    record Target(@Nullable String os, @Nullable String architecture, @Nullable String variant) {

        Platform platform() {
            return new Platform(os == null ? "" : os, architecture == null ? "" : architecture,
                    variant == null ? "" : variant);
        }
    }

    /** All that a manifest or an index may have. */
    private record Document(int schemaVersion, @Nullable String mediaType, @Nullable Descriptor config,
            @Nullable List<Descriptor> layers, @Nullable List<Descriptor> manifests) {
    }

    /**
     * Reads a manifest.
     *
     * @param what the deed and its object, for the error
     * @throws InvalidRequest where it is none, or one of a kind that cannot be used
     */
    static Manifest parse(String what, String mediaType, byte[] bytes) {
        Document document = document(what, mediaType, bytes);
        String type = type(mediaType, document);
        if (!MediaTypes.isManifest(type) || document.config == null || document.layers == null) {
            throw new InvalidRequest(what, "'" + type + "' is no manifest of an image", "");
        }
        Descriptor config = checked(what, document.config);
        if (!MediaTypes.isConfig(config.type())) {
            throw new InvalidRequest(what, "it is no image but '" + config.type() + "'", "it needs another program");
        }
        if (config.size() > MOST_BYTES) {
            throw new InvalidRequest(what, "its configuration has " + config.size() + " bytes",
                    MOST_BYTES + " is the most");
        }
        if (document.layers.size() > MOST_LAYERS) {
            throw new InvalidRequest(what, "it has " + document.layers.size() + " layers", MOST_LAYERS
                    + " is the most");
        }
        document.layers.forEach(layer -> checkLayer(what, checked(what, layer)));
        return new Manifest(type, config, List.copyOf(document.layers));
    }

    private static void checkLayer(String what, Descriptor layer) {
        if (MediaTypes.isForeign(layer.type())) {
            throw new InvalidRequest(what, "its layer " + layer.digest() + " is one that registries may not give ('"
                    + layer.type() + "')", "use an image without foreign layers");
        }
        if (!MediaTypes.isLayer(layer.type())) {
            throw new InvalidRequest(what, "its layer " + layer.digest() + " is of the unknown type '" + layer.type()
                    + "'", "use an image whose layers are tar archives");
        }
    }

    /**
     * The members of an index, in its order.
     *
     * @throws InvalidRequest where it is no index
     */
    static List<Descriptor> index(String what, String mediaType, byte[] bytes) {
        Document document = document(what, mediaType, bytes);
        if (document.manifests == null) {
            throw new InvalidRequest(what, "'" + type(mediaType, document) + "' is no index of images", "");
        }
        return document.manifests.stream().filter(Objects::nonNull).toList();
    }

    /** Whether this is an index; what is said of it counts more than what it says itself. */
    static boolean isIndex(String what, String mediaType, byte[] bytes) {
        Document document = document(what, mediaType, bytes);
        String type = type(mediaType, document);
        if (!MediaTypes.isIndex(type) && !MediaTypes.isManifest(type)) {
            throw new InvalidRequest(what, "the media type '" + type + "' is unknown", "it may need another program");
        }
        return MediaTypes.isIndex(type);
    }

    /**
     * The member of an index for a platform.
     *
     * @throws InvalidRequest where there is none; says which platforms there are
     */
    static Descriptor choose(String what, List<Descriptor> members, Platform wanted) {
        List<Descriptor> images = members.stream().filter(member -> MediaTypes.isManifest(member.type())
                || MediaTypes.isIndex(member.type())).toList();
        if (images.size() == 1 && images.getFirst().platform() == null) {
            return checked(what, images.getFirst());
        }
        return images.stream().filter(member -> member.platform() != null && member.platform().platform()
                .isFor(wanted)).min(Comparator.comparingInt(member -> Objects.requireNonNull(member.platform())
                        .platform().rank(wanted).orElse(Integer.MAX_VALUE)))
                .map(member -> checked(what, member)).orElseThrow(() -> none(what, images, wanted));
    }

    private static InvalidRequest none(String what, List<Descriptor> members, Platform wanted) {
        String there = members.stream().map(Descriptor::platform).filter(Objects::nonNull)
                .map(target -> target.platform().toString()).filter(name -> !name.startsWith("unknown/")).distinct()
                .sorted().collect(Collectors.joining(", "));
        return new InvalidRequest(what, "there is none for " + wanted,
                there.isEmpty() ? "it has no images at all" : "there are " + there + "; choose with --platform");
    }

    static Descriptor checked(String what, @Nullable Descriptor descriptor) {
        if (descriptor == null) {
            throw new InvalidRequest(what, "its manifest has nothing where a digest is due", "");
        }
        if (descriptor.digest() == null || !Digest.isValid(descriptor.digest())) {
            throw new InvalidRequest(what, "'" + descriptor.digest() + "' is no digest of SHA-256", "");
        }
        if (descriptor.size() < 0) {
            throw new InvalidRequest(what, descriptor.digest() + " has a size of " + descriptor.size(), "");
        }
        return descriptor;
    }

    private static Document document(String what, String mediaType, byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new InvalidRequest(what, "its manifest has " + bytes.length + " bytes", MOST_BYTES + " is the most");
        }
        if (MediaTypes.isSchema1(mediaType)) {
            throw schema1(what);
        }
        Document document;
        try {
            document = JSON.readValue(bytes, Document.class);
        } catch (JacksonException e) {
            throw new InvalidRequest(what, "its manifest is no JSON of that kind", "", e);
        }
        if (document == null) {
            throw new InvalidRequest(what, "its manifest is empty", "");
        }
        if (document.schemaVersion == 1) {
            throw schema1(what);
        }
        checkKind(what, mediaType, document);
        return document;
    }

    /** One document of which some make an image and others an index has two contents and one digest: CVE-2021-41190. */
    private static void checkKind(String what, String mediaType, Document document) {
        if (document.manifests != null && (document.layers != null || document.config != null)) {
            throw new InvalidRequest(what, "its manifest is an index of images as well", "get it from somebody else");
        }
        boolean known = MediaTypes.isIndex(mediaType) || MediaTypes.isManifest(mediaType);
        if (known && document.mediaType != null && !document.mediaType.equals(mediaType)) {
            throw new InvalidRequest(what, "it came as '" + mediaType + "' and says to be '" + document.mediaType + "'",
                    "get it from somebody else");
        }
    }

    private static InvalidRequest schema1(String what) {
        return new InvalidRequest(what, "it has a manifest of schema 1, which proves nothing of its content",
                "ask its maker to push it anew with a program younger than 2017");
    }

    /** OCI's documents need not say what they are. */
    private static String type(String mediaType, Document document) {
        if (MediaTypes.isIndex(mediaType) || MediaTypes.isManifest(mediaType)) {
            return mediaType;
        }
        boolean plain = mediaType.isEmpty() || mediaType.equals("application/json");
        if (!plain) {
            return mediaType;
        }
        if (document.mediaType != null) {
            return document.mediaType;
        }
        return document.manifests != null ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }
}
