package dev.tinydocker.image;

import dev.tinydocker.image.Layers.Layer;
import dev.tinydocker.image.Layers.Verification;
import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.image.PullProgress.Phase;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.registry.RegistryService;
import dev.tinydocker.registry.Repository;
import org.apache.commons.io.input.BoundedInputStream;
import org.springframework.stereotype.Component;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Brings one layer here: downloaded, verified and unpacked in one pass. What an earlier try has left is gone on with;
 * of several that want the same blob, one gets it and the others wait.
 */
@Component
class LayerFetcher {

    private final Blobs blobs;
    private final Layers layers;
    private final ImageRecord record;
    private final EngineCounts counts;
    private final Map<String, Coming> running = new ConcurrentHashMap<>();

    LayerFetcher(Blobs blobs, Layers layers, ImageRecord record, EngineCounts counts) {
        this.blobs = blobs;
        this.layers = layers;
        this.record = record;
        this.counts = counts;
    }

    /** What one pull wants. */
    record Wish(String what, RegistryService registry, Repository repository, Descriptor blob, String diffId,
            PullProgress progress, Semaphore slots) {

        void tell(Phase phase, long done) {
            progress.layer(Digest.brief(blob.id()), phase, done, blob.size());
        }
    }

    /** A layer that is on its way, and for whom. */
    private record Coming(Wish wish, Arrival arrival) {

        /** Whether what is wrong with it is wrong for another one too: the same layer, from the same place. */
        boolean isAlso(Wish other) {
            return wish.repository.equals(other.repository) && wish.blob.size() == other.blob.size()
                    && wish.diffId.equals(other.diffId);
        }
    }

    /** What a registry has against it says nothing of what has come, nor of what it has against others. */
    private static final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        private final InvalidRequest problem;

        Refused(InvalidRequest problem) {
            super(problem);
            this.problem = problem;
        }
    }

    /** Blocks until the layer is here. An interrupt ends it, whatever the registry does; what has come stays. */
    Layer fetch(Wish wish) throws InterruptedException {
        for (;;) {
            Optional<Layer> here = layers.find(wish.diffId);
            if (here.isPresent() && blobs.has(wish.blob.id()) && record.isLayer(wish.blob.id(), wish.diffId)) {
                checkSize(wish);
                wish.tell(Phase.EXISTS, wish.blob.size());
                return here.get();
            }
            Arrival mine = new Arrival(arrival -> get(wish, here, arrival),
                    arrival -> running.remove(wish.blob.id(), new Coming(wish, arrival)));
            Coming other = running.putIfAbsent(wish.blob.id(), new Coming(wish, mine));
            Optional<Layer> got = other == null ? Optional.of(run(wish, mine)) : await(wish, other);
            // Another image may call the same blob another layer; one of the two is wrong.
            if (got.filter(layer -> layer.diffId().equals(wish.diffId)).isPresent()) {
                checkSize(wish);
                wish.tell(Phase.DONE, wish.blob.size());
                return got.get();
            }
        }
    }

    /** What came for another image is what this one's digest says; its size was that one's word. */
    private void checkSize(Wish wish) {
        long bytes = blobs.size(wish.blob.id());
        if (bytes != wish.blob.size()) {
            throw new InvalidRequest(wish.what, "the layer " + wish.blob.id() + " has " + bytes
                    + " bytes and its manifest says " + wish.blob.size(),
                    "the image is damaged; get it again from its maker");
        }
    }

    private boolean isKept(String digest) {
        return blobs.has(digest) && record.hasBlob(digest);
    }

    private static Layer run(Wish wish, Arrival mine) throws InterruptedException {
        mine.start();
        try {
            return mine.get();
        } catch (InterruptedException e) {
            mine.giveUp();
            throw e;
        } catch (ExecutionException e) {
            throw cause(wish, Objects.requireNonNull(e.getCause()));
        }
    }

    /** Empty where the other was broken off: then this one goes on with what there is. */
    private static Optional<Layer> await(Wish wish, Coming other) throws InterruptedException {
        wish.tell(Phase.WAITING, 0);
        try {
            return Optional.of(other.arrival.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidRequest refused && other.isAlso(wish)) {
                throw refused;
            }
            return Optional.empty();
        } catch (CancellationException e) {
            return Optional.empty();
        }
    }

    private static Problem cause(Wish wish, Throwable cause) throws InterruptedException {
        if (Thread.currentThread().isInterrupted() || cause instanceof InterruptedException) {
            throw new InterruptedException();
        }
        if (cause instanceof Refused refused) {
            return refused.problem;
        }
        if (cause instanceof RuntimeException unchecked && !(cause instanceof Problem)) {
            throw unchecked;
        }
        Optional<SystemFailure> full = Blobs.full(wish.what, cause,
                "; what has come is kept, and the next pull goes on from there");
        if (full.isPresent()) {
            return full.get();
        }
        return cause instanceof Problem problem ? problem : new SystemFailure(wish.what, "layer " + wish.blob.id()
                + ": " + cause.getMessage(), "what has come is kept; try again", cause);
    }

    /** Downloading and unpacking take a slot; who waits for the disk takes none. */
    private Layer get(Wish wish, Optional<Layer> here, Arrival arrival) throws IOException, InterruptedException {
        wish.slots.acquire();
        AtomicBoolean held = new AtomicBoolean(true);
        Runnable release = () -> {
            if (held.getAndSet(false)) {
                wish.slots.release();
            }
        };
        try {
            return get(wish, here, arrival, release);
        } finally {
            release.run();
        }
    }

    private Layer get(Wish wish, Optional<Layer> here, Arrival arrival, Runnable release) throws IOException {
        String digest = wish.blob.id();
        if (isKept(digest)) {
            wish.tell(Phase.EXTRACTING, 0);
            return layers.of(wish.what, digest, blobs.file(digest), wish.diffId);
        }
        Path partial = blobs.partial(digest);
        long from = Files.exists(partial) ? Files.size(partial) : 0;
        if (from > wish.blob.size()) {
            arrival.discard(partial);
            from = 0;
        }
        try {
            Layer layer = receive(wish, here, partial, from, arrival, release);
            if (here.isPresent()) {
                blobs.keep(partial, digest);
            } else {
                // It came before the layer was unpacked, and that is on the disk.
                blobs.name(partial, digest);
            }
            record.layerBlob(digest, wish.blob.size(), wish.diffId);
            return layer;
        } catch (InvalidRequest e) {
            // Not what it should be: there is nothing to go on with. What was here already may be to blame.
            arrival.discard(partial);
            if (arrival.isCancelled() || from == 0 && !wish.registry.mistrustMirrors(wish.repository)) {
                throw e;
            }
            return get(wish, here, arrival, release);
        } catch (Refused e) {
            if (partial.toFile().length() == 0) {
                arrival.discard(partial);
            }
            throw e;
        }
    }

    private Layer receive(Wish wish, Optional<Layer> here, Path partial, long from, Arrival arrival, Runnable release)
            throws IOException {
        try (OutputStream copy = arrival.rest(new FileOutputStream(partial.toFile(), true), from);
                InputStream source = source(wish, partial, from);
                BlobIntake intake = new BlobIntake(source, copy, done -> wish.tell(Phase.DOWNLOADING, done));
                Closeable _ = () -> counts.received(intake.count() - from)) {
            Verification verified = () -> {
                verify(wish, intake, arrival);
                release.run();
            };
            try {
                if (here.isPresent()) {
                    layers.verify(wish.what, intake, wish.diffId, verified);
                    return here.get();
                }
                return layers.unpack(wish.what, intake, wish.diffId, verified);
            } catch (InvalidRequest e) {
                // An altered layer is damaged in many ways; that it is altered says most.
                verify(wish, intake, arrival);
                throw e;
            }
        }
    }

    private InputStream source(Wish wish, Path partial, long from) throws IOException {
        long size = wish.blob.size();
        InputStream rest = from == size && size > 0 ? InputStream.nullInputStream() : download(wish, from);
        // The file grows meanwhile.
        return from == 0 ? rest : new SequenceInputStream(BoundedInputStream.builder()
                .setInputStream(Files.newInputStream(partial)).setMaxCount(from).get(), rest);
    }

    private static InputStream download(Wish wish, long from) throws Refused {
        try {
            return new FilterInputStream(wish.registry.blob(wish.repository, wish.blob.id(), wish.blob.size(), from)) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    try {
                        return in.read(bytes, offset, length);
                    } catch (InvalidRequest e) {
                        throw new Refused(e);
                    }
                }
            };
        } catch (InvalidRequest e) {
            throw new Refused(e);
        }
    }

    private static void verify(Wish wish, BlobIntake intake, Arrival arrival) throws IOException {
        intake.finish();
        wish.tell(Phase.VERIFYING, intake.count());
        String digest = intake.digest();
        if (intake.count() != wish.blob.size()) {
            throw new InvalidRequest(wish.what, "the layer " + wish.blob.id() + " has " + intake.count()
                    + " bytes and should have " + wish.blob.size(), "try again; if it happens again the registry's"
                    + " copy is damaged");
        }
        if (!digest.equals(wish.blob.id())) {
            throw new InvalidRequest(wish.what, "the layer " + wish.blob.id() + " came as " + digest,
                    "try again; if it happens again the registry's copy is damaged");
        }
        arrival.whole();
    }
}
