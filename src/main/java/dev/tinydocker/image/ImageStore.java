package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Known;
import dev.tinydocker.image.ImageRecord.Name;
import dev.tinydocker.image.ImageRecord.Placed;
import dev.tinydocker.image.ImageRecord.Row;
import dev.tinydocker.image.Layers.Layer;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.registry.RegistrySettings;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The images that are here: makes them visible, finds them, and clears away what none of them needs. */
@Component
class ImageStore {

    private static final Pattern ID = Pattern.compile("(?:sha256:)?([0-9a-f]{1,64})");

    private final ImageRecord record;
    private final Blobs blobs;
    private final Layers layers;
    private final RegistrySettings settings;
    private final Traffic traffic = new Traffic();
    private final Map<String, ImageConfig> configs = new ConcurrentHashMap<>();

    ImageStore(ImageRecord record, Blobs blobs, Layers layers, RegistrySettings settings) {
        this.record = record;
        this.blobs = blobs;
        this.layers = layers;
        this.settings = settings;
    }

    /** All that makes an image; its layers and their blobs are kept already. */
    record Parts(byte[] manifest, String manifestType, byte[] config, List<Layer> layers, List<String> blobs) {
    }

    /** While this is open, nothing that was kept is cleared away. */
    Traffic.Entry receiving() {
        return traffic.enter(this::clear);
    }

    /**
     * Makes an image visible, with its names, in one transaction.
     *
     * @param naming gives it names on the record, by its id
     */
    String commit(Parts parts, Consumer<String> naming) {
        String id = blobs.keep(parts.config);
        String manifest = blobs.keep(parts.manifest);
        blobs.settle();
        layers.stack(id, parts.layers);
        layers.settle();
        record.together(() -> {
            record.blob(id, parts.config.length);
            record.blob(manifest, parts.manifest.length);
            record.image(id, manifest, parts.manifestType, parts.layers, parts.blobs);
            naming.accept(id);
        });
        return id;
    }

    String defaultRegistry() {
        return settings.shortNames();
    }

    /** @throws InvalidRequest where it is no reference */
    Reference reference(String word) {
        return Reference.parse(word, defaultRegistry());
    }

    String familiar(String repository) {
        return Reference.familiar(repository, defaultRegistry());
    }

    ImageConfig config(String id) {
        return configs.computeIfAbsent(id, key -> ImageConfig.parse("read the image '" + Digest.brief(key) + "'",
                blobs.read(key)));
    }

    List<Image> list() {
        List<Name> names = record.names();
        List<Known> known = record.known();
        return record.images().stream().map(row -> image(row,
                names.stream().filter(name -> name.imageId().equals(row.id())).toList(),
                known.stream().filter(one -> one.imageId().equals(row.id())).toList())).toList();
    }

    Image image(Row row) {
        return image(row, record.namesOf(row.id()), record.knownAs(row.id()));
    }

    private Image image(Row row, List<Name> names, List<Known> known) {
        List<Path> directories = layers.stacked(row.id(), record.layersOf(row.id()).stream().map(Placed::number)
                .toList());
        return new Image(row.id(), config(row.id()), directories,
                names.stream().map(name -> familiar(name.repository()) + ":" + name.tag()).toList(),
                known.stream().map(one -> familiar(one.repository()) + "@" + one.digest()).toList(), row.bytes(),
                row.manifest());
    }

    /** By a reference, an id, or the beginning of an id that only one image has. */
    Optional<Row> find(String word) {
        Optional<Row> named = byName(word);
        Matcher id = ID.matcher(word);
        if (named.isPresent() || !id.matches()) {
            return named;
        }
        List<Row> found = record.imagesByPrefix(Digest.ofHex(id.group(1)));
        if (found.size() > 1) {
            throw new InvalidRequest("find the image '" + word + "'", "more than one id begins with it",
                    "give more digits");
        }
        return found.stream().findFirst();
    }

    /** The same, for a platform: other images are looked at that came under the digest which the name's came under. */
    Optional<Row> find(String word, Platform wanted) {
        Optional<Row> named = find(word);
        if (named.isEmpty() || isFor(named.get(), wanted)) {
            return named;
        }
        Optional<Name> name = nameOf(word);
        String repository = name.map(Name::repository).orElse("");
        String digest = name.map(Name::digest).orElse(null);
        if (name.isEmpty() && word.contains("@")) {
            Reference reference = reference(word);
            repository = reference.repository();
            digest = reference.digest();
        }
        return digest == null ? Optional.empty() : record.knownBy(repository, digest).stream()
                .map(known -> record.image(known.imageId())).flatMap(Optional::stream)
                .filter(row -> isFor(row, wanted)).findFirst();
    }

    /** An image that does not say what it is for is for all. */
    private boolean isFor(Row row, Platform wanted) {
        Platform platform = config(row.id()).platform();
        return platform.architecture().isEmpty() || platform.isFor(wanted);
    }

    private Optional<Row> byName(String word) {
        if (word.matches("sha256:[0-9a-f]+|[0-9a-f]{64}")) {
            return Optional.empty();
        }
        Reference reference = reference(word);
        // A name given while there was no default registry is still good when there is one.
        return find(reference).or(() -> find(Reference.parse(word, "")));
    }

    Optional<Row> find(Reference reference) {
        String digest = reference.digest();
        if (digest != null) {
            return record.knownBy(reference.repository(), digest).stream().findFirst()
                    .flatMap(known -> record.image(known.imageId()));
        }
        return name(reference).flatMap(name -> record.image(name.imageId()));
    }

    Optional<Name> name(Reference reference) {
        return record.name(reference.repository(), reference.tagOrDigest());
    }

    /** The name that a word stands for, where it is one. */
    Optional<Name> nameOf(String word) {
        if (word.contains("@") || word.matches("sha256:[0-9a-f]+|[0-9a-f]{64}")) {
            return Optional.empty();
        }
        return name(reference(word)).or(() -> name(Reference.parse(word, "")));
    }

    Row get(String word) {
        return find(word).orElseThrow(() -> new NotFound("find the image '" + word + "'", "it is not here",
                "'pull " + word + "' gets it, 'images' lists all there are"));
    }

    /** Clears away what no image needs, now or as soon as nothing is on its way in. */
    void sweep() {
        traffic.sweep(this::clear);
    }

    /** Deletes downloads that were broken off, unless one goes on just now; returns how many bytes that gives back. */
    long dropPartial() {
        AtomicLong bytes = new AtomicLong();
        traffic.ifIdle(() -> bytes.set(blobs.deletePartial()));
        return bytes.get();
    }

    private void clear() {
        List<Layer> unused = record.orphanLayers();
        List<String> needless = List.copyOf(record.orphanBlobs().keySet());
        // Off the record first: what is left of the files after a crash is found to be on none.
        record.together(() -> {
            unused.forEach(layer -> record.deleteLayer(layer.number()));
            needless.forEach(record::deleteBlob);
        });
        unused.forEach(layer -> layers.delete(layer.number()));
        needless.forEach(blobs::delete);
        needless.forEach(configs::remove);
        layers.deleteTops(record.imageIds());
    }

    /** After an engine has died, before the first request. */
    void recover() {
        layers.recover(record.layerNumbers(), record.imageIds());
        blobs.recover(record.blobs());
    }
}
