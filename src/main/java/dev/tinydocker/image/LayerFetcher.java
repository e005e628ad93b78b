package dev.tinydocker.image;

import dev.tinydocker.image.Layers.Layer;
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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
    private final Map<String, FutureTask<Layer>> running = new ConcurrentHashMap<>();

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

    /** Blocks until the layer is here, on a platform thread. An interrupt ends it; what has come stays. */
    Layer fetch(Wish wish) throws InterruptedException {
        for (;;) {
            Optional<Layer> here = layers.find(wish.diffId);
            if (here.isPresent() && isKept(wish.blob.id())) {
                wish.tell(Phase.EXISTS, wish.blob.size());
                return here.get();
            }
            FutureTask<Layer> mine = new FutureTask<>(() -> get(wish, here));
            FutureTask<Layer> other = running.putIfAbsent(wish.blob.id(), mine);
            Optional<Layer> got = other == null ? Optional.of(run(wish, mine)) : await(wish, other);
            if (got.isPresent()) {
                wish.tell(Phase.DONE, wish.blob.size());
                return got.get();
            }
        }
    }

    private boolean isKept(String digest) {
        return blobs.has(digest) && record.hasBlob(digest);
    }

    private Layer run(Wish wish, FutureTask<Layer> mine) throws InterruptedException {
        try {
            mine.run();
            return mine.get();
        } catch (ExecutionException e) {
            throw cause(wish, Objects.requireNonNull(e.getCause()));
        } finally {
            running.remove(wish.blob.id(), mine);
        }
    }

    /** Empty where the other was broken off: then this one goes on with what there is. */
    private static Optional<Layer> await(Wish wish, FutureTask<Layer> other) throws InterruptedException {
        wish.tell(Phase.WAITING, 0);
        try {
            return Optional.of(other.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidRequest refused) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    private static Problem cause(Wish wish, Throwable cause) throws InterruptedException {
        if (Thread.currentThread().isInterrupted() || cause instanceof InterruptedException) {
            throw new InterruptedException();
        }
        if (cause instanceof RuntimeException unchecked && !(cause instanceof Problem)) {
            throw unchecked;
        }
        return cause instanceof Problem problem ? problem
                : new SystemFailure(wish.what, "layer " + wish.blob.id() + ": " + cause.getMessage(),
                        "what has come is kept; try again", cause);
    }

    /** Downloading and unpacking take a slot; who waits for the disk takes none. */
    private Layer get(Wish wish, Optional<Layer> here) throws IOException, InterruptedException {
        wish.slots.acquire();
        AtomicBoolean held = new AtomicBoolean(true);
        Runnable release = () -> {
            if (held.getAndSet(false)) {
                wish.slots.release();
            }
        };
        try {
            return get(wish, here, release);
        } finally {
            release.run();
        }
    }

    private Layer get(Wish wish, Optional<Layer> here, Runnable release) throws IOException {
        String digest = wish.blob.id();
        if (isKept(digest)) {
            wish.tell(Phase.EXTRACTING, 0);
            return layers.unpack(wish.what, blobs.file(digest), wish.diffId);
        }
        Path partial = blobs.partial(digest);
        long from = Files.exists(partial) ? Files.size(partial) : 0;
        if (from > wish.blob.size()) {
            Blobs.delete(partial);
            from = 0;
        }
        try {
            Layer layer = receive(wish, here, partial, from, release);
            if (here.isPresent()) {
                blobs.keep(partial, digest);
            } else {
                // It came before the layer was unpacked, and that is on the disk.
                blobs.name(partial, digest);
            }
            record.blob(digest, wish.blob.size());
            return layer;
        } catch (InvalidRequest e) {
            // Not what it should be: there is nothing to go on with.
            Blobs.delete(partial);
            throw e;
        }
    }

    private Layer receive(Wish wish, Optional<Layer> here, Path partial, long from, Runnable release)
            throws IOException {
        try (OutputStream copy = new Rest(new FileOutputStream(partial.toFile(), true), from);
                InputStream source = source(wish, partial, from);
                BlobIntake intake = new BlobIntake(source, copy, done -> wish.tell(Phase.DOWNLOADING, done));
                Closeable _ = () -> counts.received(intake.count() - from)) {
            if (here.isPresent()) {
                verify(wish, intake);
                return here.get();
            }
            try {
                return layers.unpack(wish.what, intake, wish.diffId, () -> {
                    verify(wish, intake);
                    release.run();
                });
            } catch (InvalidRequest e) {
                // An altered layer is damaged in many ways; that it is altered says most.
                verify(wish, intake);
                throw e;
            }
        }
    }

    private InputStream source(Wish wish, Path partial, long from) throws IOException {
        long size = wish.blob.size();
        InputStream rest = from == size && size > 0 ? InputStream.nullInputStream()
                : wish.registry.blob(wish.repository, wish.blob.id(), size, from);
        // The file grows meanwhile.
        return from == 0 ? rest : new SequenceInputStream(BoundedInputStream.builder()
                .setInputStream(Files.newInputStream(partial)).setMaxCount(from).get(), rest);
    }

    private static void verify(Wish wish, BlobIntake intake) throws IOException {
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
    }

    /** Writes to a file what it does not have yet. */
    private static final class Rest extends OutputStream {

        private final OutputStream out;
        private long there;

        Rest(OutputStream out, long there) {
            this.out = out;
            this.there = there;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] { (byte) value }, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int skipped = (int) Math.min(there, length);
            there -= skipped;
            out.write(bytes, offset + skipped, length - skipped);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
