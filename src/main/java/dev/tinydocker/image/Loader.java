package dev.tinydocker.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tinydocker.image.ImageStore.Parts;
import dev.tinydocker.image.Layers.Layer;
import dev.tinydocker.image.LayoutSource.Content;
import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.image.Manifest.Target;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes images out of archives and directories, of Docker's kind or OCI's; one that is both is taken as OCI's. */
@Component
class Loader {

    private static final String NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final int DEEPEST_INDEX = 3;

    private final ImageStore store;
    private final ImageRecord record;
    private final Blobs blobs;
    private final Layers layers;

    Loader(ImageStore store, ImageRecord record, Blobs blobs, Layers layers) {
        this.store = store;
        this.record = record;
        this.blobs = blobs;
        this.layers = layers;
    }

    /** One image of Docker's {@code manifest.json}. */
    private record Saved(@JsonProperty("Config") @Nullable String config,
            @JsonProperty("RepoTags") @Nullable List<String> repoTags,
            @JsonProperty("Layers") @Nullable List<String> layers) {

        Set<String> names() {
            return repoTags == null ? Set.of() : repoTags.stream().filter(Objects::nonNull)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /**
     * @param platform of several images of one name, and then of every image; empty for this machine and any
     * @param done told of each image, as Docker tells it
     */
    List<String> load(String what, InputStream in, Optional<Platform> platform, Consumer<String> done) {
        try (Traffic.Entry _ = store.receiving();
                LayoutSource source = ArchiveSource.read(what, layers.decompressed(in), blobs)) {
            return load(what, source, platform, done);
        } catch (IOException e) {
            Optional<SystemFailure> full = Blobs.full(what, e, "");
            if (full.isPresent()) {
                throw full.get();
            }
            throw new InvalidRequest(what, "it is no whole archive: " + String.valueOf(e.getMessage())
                    .replaceFirst("\\.$", ""), "'save' writes such archives, 'import' takes root file systems", e);
        }
    }

    List<String> load(String what, Path directory, Optional<Platform> platform, Consumer<String> done) {
        try (Traffic.Entry _ = store.receiving(); LayoutSource source = new DirectorySource(directory, blobs)) {
            return load(what, source, platform, done);
        }
    }

    private List<String> load(String what, LayoutSource source, Optional<Platform> platform, Consumer<String> done) {
        Optional<Content> index = source.find("index.json");
        Optional<Content> saved = source.find("manifest.json");
        List<String> ids = new ArrayList<>();
        if (index.isPresent()) {
            Map<String, Set<String>> tags = saved.map(document -> tags(what, document)).orElse(Map.of());
            // One image with several names is there once for each.
            Map<String, Set<String>> names = new LinkedHashMap<>();
            Map<String, Descriptor> images = new LinkedHashMap<>();
            List<Descriptor> all = Manifest.index(what, "", index.get().read(what));
            boolean several = saved.isPresent() && saved(what, saved.get()).size() > 1;
            for (Descriptor member : several ? all : members(what, all, platform)) {
                String digest = Manifest.checked(what, member).id();
                images.putIfAbsent(digest, member);
                Set<String> called = names.computeIfAbsent(digest, _ -> new LinkedHashSet<>());
                // A tag alone, as some tools write, is no name.
                if (name(member).contains(":") || name(member).contains("/")) {
                    called.add(name(member));
                }
            }
            images.forEach((digest, member) -> ids.add(oci(what, source, member,
                    names.getOrDefault(digest, Set.of()), tags, platform, done)));
        } else if (saved.isPresent()) {
            for (Saved one : saved(what, saved.get())) {
                ids.add(docker(what, source, one, platform, done));
            }
        } else {
            throw new InvalidRequest(what, "there is neither index.json nor manifest.json in it",
                    "'save' writes such archives, 'import' takes root file systems");
        }
        store.sweep();
        return ids;
    }

    /** Several images, or one image for several platforms, each of which it is there for once. */
    private static List<Descriptor> members(String what, List<Descriptor> all, Optional<Platform> platform) {
        // What is for an unknown one is about the others, as how they were made.
        List<Target> platforms = all.stream().map(Descriptor::platform).filter(Objects::nonNull)
                .filter(one -> !"unknown".equals(one.os())).toList();
        boolean oneForMany = all.size() > 1 && platforms.stream().distinct().count() == platforms.size()
                && all.stream().allMatch(member -> member.platform() != null
                        && name(member).equals(name(all.getFirst())));
        return oneForMany ? List.of(Manifest.choose(what, all, platform.orElseGet(Platform::host))) : all;
    }

    private static String name(Descriptor member) {
        String full = member.annotation(NAME);
        return full.isEmpty() ? member.annotation(REF_NAME) : full;
    }

    private String oci(String what, LayoutSource source, Descriptor top, Set<String> called,
            Map<String, Set<String>> tags, Optional<Platform> platform, Consumer<String> done) {
        Descriptor member = Manifest.checked(what, top);
        byte[] document = document(what, source, member);
        for (int depth = 0; Manifest.isIndex(what, member.type(), document); depth++) {
            if (depth == DEEPEST_INDEX) {
                throw new InvalidRequest(what, "its indexes are nested too deep", "");
            }
            member = Manifest.choose(what, Manifest.index(what, member.type(), document),
                    platform.orElseGet(Platform::host));
            document = document(what, source, member);
        }
        Manifest manifest = Manifest.parse(what, member.type(), document);
        byte[] config = document(what, source, manifest.config());
        ImageConfig parsed = ImageConfig.parse(what, config);
        checkPlatform(what, parsed, platform);
        Puller.checkCount(what, parsed, manifest.layers().size());
        List<Layer> unpacked = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            unpacked.add(layer(what, source, content(what, source, layer), parsed.diffIds().get(i)));
            kept.add(layer.id());
        }
        Set<String> names = new LinkedHashSet<>(tags.getOrDefault(Digest.hex(manifest.config().id()), Set.of()));
        names.addAll(called);
        return keep(new Parts(document, manifest.mediaType(), config, unpacked, kept), names, done);
    }

    /** Without a wish, images of any platform are taken. */
    private static void checkPlatform(String what, ImageConfig config, Optional<Platform> wanted) {
        if (wanted.isPresent() && !config.platform().isFor(wanted.get())) {
            throw new InvalidRequest(what, "an image in it is for " + config.platform() + " and not for "
                    + wanted.get(), "leave --platform out, or choose with --platform " + config.platform());
        }
    }

    private Layer layer(String what, LayoutSource source, Content content, String diffId) {
        source.keep(content);
        record.blob(content.digest(), content.bytes());
        return layers.of(what, content.digest(), blobs.file(content.digest()), diffId);
    }

    private Content content(String what, LayoutSource source, Descriptor wanted) {
        Content content = source.find("blobs/sha256/" + Digest.hex(wanted.id())).orElseThrow(() ->
                new InvalidRequest(what, "the file of " + wanted.id() + " is missing", "make the archive anew"));
        if (!content.digest().equals(wanted.id()) || content.bytes() != wanted.size()) {
            throw new InvalidRequest(what, "the file of " + wanted.id() + " has other content or another size",
                    "it is damaged; make the archive anew");
        }
        return content;
    }

    private byte[] document(String what, LayoutSource source, Descriptor wanted) {
        return content(what, source, wanted).read(what);
    }

    private String docker(String what, LayoutSource source, Saved saved, Optional<Platform> platform,
            Consumer<String> done) {
        byte[] config = file(what, source, saved.config).read(what);
        ImageConfig parsed = ImageConfig.parse(what, config);
        List<String> names = saved.layers == null ? List.of() : saved.layers;
        checkPlatform(what, parsed, platform);
        Puller.checkCount(what, parsed, names.size());
        List<Layer> unpacked = new ArrayList<>();
        List<Descriptor> kept = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Content content = storable(what, file(what, source, names.get(i)), parsed.diffIds().get(i));
            unpacked.add(layer(what, source, content, parsed.diffIds().get(i)));
            kept.add(Descriptor.of(mediaType(blobs.file(content.digest())), content.digest(), content.bytes()));
        }
        byte[] manifest = manifest(config, kept);
        Parts parts = new Parts(manifest, MediaTypes.OCI_MANIFEST, config, unpacked,
                kept.stream().map(Descriptor::id).toList());
        return keep(parts, saved.names(), done);
    }

    /** As it is where registries would take it so; else without its compression. */
    private Content storable(String what, Content content, String diffId) {
        // A layer that an image before this one has is kept already.
        boolean kept = !Files.exists(content.file());
        if (kept || typeOf(content.file()) != null) {
            return content;
        }
        // Unpacking has limits, and looks whether it is what it should be: before that it is not written down.
        layers.unpack(what, content.file(), diffId);
        try (InputStream in = layers.decompressed(Files.newInputStream(content.file()))) {
            return blobs.putAside(in);
        } catch (IOException e) {
            throw Blobs.failure("read", content.file(), e);
        }
    }

    private static Content file(String what, LayoutSource source, @Nullable String name) {
        return source.find(name == null ? "" : name).orElseThrow(() -> new InvalidRequest(what,
                "the file '" + name + "' is missing in it", "make the archive anew"));
    }

    static String mediaType(Path blob) {
        String type = typeOf(blob);
        return type == null ? MediaTypes.OCI_LAYER : type;
    }

    private static @Nullable String typeOf(Path blob) {
        try (InputStream in = Files.newInputStream(blob)) {
            return MediaTypes.ofLayer(in.readNBytes(6));
        } catch (IOException e) {
            throw Blobs.failure("read", blob, e);
        }
    }

    /** A document for an image that has none. */
    static byte[] manifest(byte[] config, List<Descriptor> layers) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 2);
        document.put("mediaType", MediaTypes.OCI_MANIFEST);
        document.put("config", descriptor(MediaTypes.OCI_CONFIG, Digest.of(config), config.length));
        document.put("layers", layers.stream().map(layer -> descriptor(layer.type(), layer.id(), layer.size()))
                .toList());
        return Manifest.JSON.writeValueAsBytes(document);
    }

    static Map<String, Object> descriptor(String mediaType, String digest, long size) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", digest);
        descriptor.put("size", size);
        return descriptor;
    }

    private String keep(Parts parts, Set<String> words, Consumer<String> done) {
        List<Reference> names = words.stream().map(store::reference).toList();
        String id = store.commit(parts, image -> names.forEach(name ->
                record.name(name.repository(), name.tagOrDigest(), image, null)));
        if (names.isEmpty()) {
            done.accept("Loaded image ID: " + id);
        }
        names.forEach(name -> done.accept("Loaded image: " + name.familiar(store.defaultRegistry())));
        return id;
    }

    private static List<Saved> saved(String what, Content document) {
        try (InputStream in = new ByteArrayInputStream(document.read(what))) {
            Saved[] all = Manifest.JSON.readValue(in, Saved[].class);
            return all == null ? List.of() : Stream.of(all).filter(Objects::nonNull).toList();
        } catch (JacksonException e) {
            throw new InvalidRequest(what, "its manifest.json is none of Docker's", "make the archive anew", e);
        } catch (IOException e) {
            throw new SystemFailure(what, "its manifest.json cannot be read", "", e);
        }
    }

    /** Names by the digits of the configuration, from a document of Docker's beside one of OCI's. */
    private static Map<String, Set<String>> tags(String what, Content document) {
        Map<String, Set<String>> tags = new LinkedHashMap<>();
        for (Saved saved : saved(what, document)) {
            String config = saved.config == null ? "" : saved.config;
            String hex = config.substring(config.lastIndexOf('/') + 1).replaceFirst("\\.json$", "");
            tags.computeIfAbsent(hex, _ -> new LinkedHashSet<>()).addAll(saved.names());
        }
        return tags;
    }
}
