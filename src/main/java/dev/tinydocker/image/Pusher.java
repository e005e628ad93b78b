package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Placed;
import dev.tinydocker.image.ImageRecord.Row;
import dev.tinydocker.image.PullProgress.Phase;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.registry.RegistryService;
import dev.tinydocker.registry.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.io.BufferedInputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends an image to a registry: what that does not have yet, and last the document that makes it an image. */
@Component
class Pusher {

    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);
    private static final int AT_ONCE = 3;
    /** A registry that will not mount from one repository will seldom do it from the next. */
    private static final int MOST_SOURCES = 3;

    private final RegistryService registries;
    private final ImageStore store;
    private final ImageRecord record;
    private final Blobs blobs;

    Pusher(RegistryService registries, ImageStore store, ImageRecord record, Blobs blobs) {
        this.registries = registries;
        this.store = store;
        this.record = record;
        this.blobs = blobs;
    }

    void push(Reference reference, Map<String, String> environment, PullProgress progress) {
        String familiar = reference.familiar(store.defaultRegistry());
        String what = "push '" + familiar + "'";
        Repository repository = Puller.repository(what, reference);
        Row row = store.find(reference).orElseThrow(() -> new NotFound(what, "it is not here",
                "give an image this name with 'tag IMAGE " + familiar + "'"));
        RegistryService registry = registries.forUser(environment);
        progress.note("The push refers to repository [" + reference.repository() + "]");
        try (Traffic.Entry _ = store.receiving()) {
            List<String> wanted = new ArrayList<>(new LinkedHashSet<>(record.layersOf(row.id()).stream()
                    .map(Placed::blob).toList()));
            send(what, registry, repository, wanted, progress);
            send(what, registry, repository, List.of(row.id()), PullProgress.SILENT);
            byte[] manifest = blobs.read(row.manifest());
            String digest = registry.pushManifest(repository, reference.tagOrDigest(), row.manifestType(), manifest);
            record.together(() -> {
                if (reference.tag() != null) {
                    record.name(reference.repository(), reference.tag(), row.id(), digest);
                }
                record.known(reference.repository(), digest, row.id());
            });
            progress.note(reference.tagOrDigest() + ": digest: " + digest + " size: " + manifest.length);
        }
    }

    /** Other repositories of the same registry that are known to have a layer, of this image or another one. */
    private List<Repository> sources(Repository to, String blob) {
        return record.repositoriesWith(blob).stream()
                .filter(name -> name.startsWith(to.registry() + "/") && !name.equals(to.toString())).limit(MOST_SOURCES)
                .map(name -> new Repository(to.registry(), name.substring(to.registry().length() + 1))).toList();
    }

    private void send(String what, RegistryService registry, Repository repository, List<String> digests,
            PullProgress progress) {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE,
                Thread.ofPlatform().daemon().name("push-", 0).factory());
        try {
            List<Future<?>> going = new ArrayList<>();
            digests.forEach(digest -> progress.layer(Digest.brief(digest), Phase.WAITING, 0, blobs.size(digest)));
            for (String digest : digests) {
                going.add(threads.submit(() -> send(registry, repository, digest, progress)));
            }
            for (Future<?> one : going) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemFailure(what, "it was interrupted", "push it again", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Problem problem ? problem
                    : new SystemFailure(what, String.valueOf(e.getCause()), "", e);
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private void send(RegistryService registry, Repository repository, String digest, PullProgress progress) {
        String brief = Digest.brief(digest);
        long size = blobs.size(digest);
        if (registry.hasBlob(repository, digest) || sources(repository, digest).stream()
                .anyMatch(source -> mounted(registry, repository, digest, source))) {
            progress.layer(brief, Phase.EXISTS, size, size);
            return;
        }
        registry.pushBlob(repository, digest, size, () -> new BlobIntake(new BufferedInputStream(
                Files.newInputStream(blobs.file(digest)), 1 << 18), OutputStream.nullOutputStream(),
                done -> progress.layer(brief, Phase.UPLOADING, done, size)));
        progress.layer(brief, Phase.DONE, size, size);
    }

    /** Who may not read there any more, or finds it gone, sends the layer. */
    private static boolean mounted(RegistryService registry, Repository to, String digest, Repository from) {
        try {
            return registry.mountBlob(to, digest, from);
        } catch (InvalidRequest | NotFound refused) {
            LOG.debug("{} is not mounted from {}", digest, from, refused);
            return false;
        }
    }
}
