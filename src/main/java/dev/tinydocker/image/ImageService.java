package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Placed;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.store.Reserve;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Everything that can be done with images. A word is a reference, an id, or the beginning of an id that only one image
 * has; {@link NotFound} where none has it. Methods that transfer or unpack block: platform threads only; an interrupt
 * ends them.
 */
@Service
public class ImageService {

    private final ImageStore store;
    private final ImageRecord record;
    private final Puller puller;
    private final Loader loader;
    private final Saver saver;
    private final Remover remover;
    private final Importer importer;
    private final Pusher pusher;
    private final SpaceCounter counter;
    private final Committer committer;
    private final EngineCounts counts;
    private final Reserve reserve;

    ImageService(ImageStore store, ImageRecord record, Puller puller, Loader loader, Saver saver, Remover remover,
            Importer importer, Pusher pusher, Committer committer, SpaceCounter counter,
            EngineCounts counts, Reserve reserve) {
        this.store = store;
        this.record = record;
        this.puller = puller;
        this.loader = loader;
        this.saver = saver;
        this.remover = remover;
        this.importer = importer;
        this.pusher = pusher;
        this.committer = committer;
        this.counts = counts;
        this.reserve = reserve;
        this.counter = counter;
    }

    /** One line of an image's history, the newest first. */
    public record Step(String id, Instant created, String createdBy, long bytes, String comment) {
    }

    /** What pruning took away: lines for people, and how many bytes. */
    public record Pruned(List<String> lines, long bytes) {
    }

    /** @throws InvalidRequest where the word is no reference */
    public Reference reference(String word) {
        return store.reference(word);
    }

    /**
     * An image that is here.
     *
     * @throws NotFound where it is not
     * @throws InvalidRequest where the word is no reference and no id, or the beginning of several ids
     */
    public Image resolve(String word) {
        return store.image(store.get(word));
    }

    /** An image that is here, or empty where it is not. */
    public Optional<Image> find(String word) {
        return store.find(word).map(store::image);
    }

    /**
     * An image that is here for a platform, or empty where none is: that of the name, or another one that the same
     * index of a registry led to.
     */
    public Optional<Image> find(String word, Platform wanted) {
        return store.find(word, wanted).map(store::image);
    }

    /** All images, the newest first. */
    public List<Image> list() {
        List<Image> all = new ArrayList<>(store.list());
        all.sort(Comparator.comparing((Image image) -> image.config().created()).reversed());
        return all;
    }

    /** Brings an image here, or finds that the registry has no newer one. */
    public Image pull(Reference reference, PullOptions options, PullProgress progress) {
        boolean succeeded = false;
        try {
            Image image = store.image(puller.pull(reference, options, progress));
            succeeded = true;
            return image;
        } finally {
            counts.pulled(succeeded);
        }
    }

    /** All tags of a repository, as its registry has them. */
    public List<String> tags(Reference repository, PullOptions options) {
        return puller.tags(repository, options);
    }

    /** Sends an image to the registry of its name. */
    public void push(Reference reference, Map<String, String> environment, PullProgress progress) {
        pusher.push(reference, environment, progress);
    }

    /** Gives a further name to an image; another image loses it. */
    public void tag(String word, String name) {
        Reference reference = store.reference(name).given("tag '" + word + "' as '" + name + "'");
        String id = store.get(word).id();
        record.name(reference.repository(), reference.tagOrDigest(), id, null);
    }

    /** Takes a name away, and the image with its last one; says what was done, as Docker says it. */
    public List<String> remove(String word, boolean force) {
        try (Reserve.Given _ = reserve.give()) {
            return remover.remove(word, force);
        }
    }

    /**
     * Removes images without a name that no container uses; with {@code all} those with a name too; but only wanted
     * ones.
     */
    public Pruned prune(boolean all, Predicate<Image> wanted) {
        try (Reserve.Given _ = reserve.give()) {
            Remover.Pruned pruned = remover.prune(all, wanted);
            return new Pruned(pruned.lines(), pruned.bytes());
        }
    }

    /** Removes downloads that were broken off, unless one goes on just now; how many bytes that gives back. */
    public long prunePartial() {
        return store.dropPartial();
    }

    /**
     * What images take on the disk.
     *
     * @param used ids of those that somebody uses
     */
    public ImageSpace space(Set<String> used) {
        return counter.count(used);
    }

    /** How an image was made, the last step first. */
    public List<Step> history(String word) {
        ImageRecord.Row row = store.get(word);
        ImageConfig config = store.config(row.id());
        List<Placed> layers = record.layersOf(row.id());
        List<Step> steps = new ArrayList<>();
        int next = 0;
        for (ImageConfig.History step : config.history()) {
            long bytes = step.emptyLayer() || next >= layers.size() ? 0 : layers.get(next++).bytes();
            steps.add(step(ImageConfig.time(step.created()), step.createdBy(), bytes, step.comment()));
        }
        for (; next < layers.size(); next++) {
            steps.add(step(config.created(), "", layers.get(next).bytes(), ""));
        }
        Collections.reverse(steps);
        if (!steps.isEmpty()) {
            Step top = steps.getFirst();
            steps.set(0, new Step(row.id(), top.created, top.createdBy, top.bytes, top.comment));
        }
        return steps;
    }

    private static Step step(Instant created, @Nullable String by, long bytes, @Nullable String comment) {
        return new Step("<missing>", created, by == null ? "" : by, bytes, comment == null ? "" : comment);
    }

    /**
     * Takes in the images of an archive, Docker's or OCI's, compressed or not. The caller closes the stream.
     *
     * @param platform of several images of one name, and then of every image; empty for this machine and any
     */
    public void load(String name, InputStream archive, Optional<Platform> platform, Consumer<String> done) {
        loader.load("load '" + name + "'", archive, platform, done);
    }

    /** Takes in the images of a directory, laid out as OCI's or Docker's archives are. */
    public void load(Path directory, Optional<Platform> platform, Consumer<String> done) {
        loader.load("load '" + directory + "'", directory, platform, done);
    }

    /** Writes images as an archive that is OCI's and Docker's. The caller closes the stream. */
    public void save(List<String> words, OutputStream out) {
        saver.save(words, out);
    }

    /** Writes images into a directory; one that is not there is made. */
    public void save(List<String> words, Path directory) {
        saver.save(words, directory);
    }

    /**
     * Makes an image from the archive of a root file system. The caller closes the stream.
     *
     * @param source what the archive is called, for errors
     * @return its id
     */
    public String importArchive(String source, InputStream archive, @Nullable Reference name, Changes changes,
            String message, Platform platform) {
        return importer.take("import '" + source + "'", archive, name, changes, message, platform);
    }

    /** Makes an image of a container; returns its id. */
    public String commit(Snapshot snapshot, Snapshot.Words words) {
        return committer.commit(snapshot, words);
    }

    /** After an engine has died, before the first request: what was not whole is cleared away. */
    public void recover() {
        store.recover();
    }
}
