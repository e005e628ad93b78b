package dev.tinydocker.image;

import dev.tinydocker.image.ImageRecord.Name;
import dev.tinydocker.image.ImageRecord.Row;
import dev.tinydocker.image.ImageStore.Parts;
import dev.tinydocker.image.Layers.Layer;
import dev.tinydocker.image.Manifest.Descriptor;
import dev.tinydocker.image.PullProgress.Phase;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.registry.RegistryService;
import dev.tinydocker.registry.RemoteManifest;
import dev.tinydocker.registry.Repository;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Brings an image here from a registry. */
@Component
class Puller {

    private static final int AT_ONCE = 3;
    private static final int THREADS = 12;
    private static final int DEEPEST_INDEX = 3;

    private final RegistryService registries;
    private final ImageStore store;
    private final ImageRecord record;
    private final LayerFetcher fetcher;

    Puller(RegistryService registries, ImageStore store, ImageRecord record, LayerFetcher fetcher) {
        this.registries = registries;
        this.store = store;
        this.record = record;
        this.fetcher = fetcher;
    }

    Row pull(Reference reference, PullOptions options, PullProgress progress) {
        Platform platform = options.platform();
        RegistryService registry = registries.forUser(options.environment());
        String familiar = reference.familiar(store.defaultRegistry());
        String what = "pull '" + familiar + "'";
        Repository repository = repository(what, reference);
        progress.note(reference.tagOrDigest() + ": Pulling from " + reference.path());
        Optional<Name> named = store.name(reference);
        Optional<Row> same = unchanged(registry, reference, named, platform, repository);
        if (same.isPresent()) {
            String digest = named.map(Name::digest).orElse(reference.digest());
            progress.note("Digest: " + digest);
            progress.note("Status: Image is up to date for " + familiar);
            return same.get();
        }
        try (Traffic.Entry _ = store.receiving()) {
            RemoteManifest top = registry.manifest(repository, reference.tagOrDigest());
            RemoteManifest document = forPlatform(what, registry, repository, top, platform);
            Manifest manifest = Manifest.parse(what, document.mediaType(), document.bytes());
            byte[] config = config(what, registry, repository, manifest.config());
            List<String> diffIds = diffIds(what, manifest, config, platform);
            List<Layer> layers = layers(what, registry, repository, manifest, diffIds, progress);
            Parts parts = new Parts(document.bytes(), manifest.mediaType(), config, layers,
                    manifest.layers().stream().map(Descriptor::id).toList());
            boolean news = record.image(manifest.config().id()).isEmpty() || named.isEmpty() && reference.tag() != null;
            String id = store.commit(parts, image -> {
                if (reference.tag() != null && reference.digest() == null) {
                    record.name(reference.repository(), reference.tag(), image, top.digest());
                }
                record.known(reference.repository(), top.digest(), image);
            });
            progress.note("Digest: " + top.digest());
            progress.note(news ? "Status: Downloaded newer image for " + familiar
                    : "Status: Image is up to date for " + familiar);
            return record.image(id).orElseThrow();
        }
    }

    List<String> tags(Reference reference, PullOptions options) {
        Repository repository = repository("pull all tags of '" + reference.repository() + "'", reference);
        return registries.forUser(options.environment()).tags(repository);
    }

    static Repository repository(String what, Reference reference) {
        if (reference.registry().isEmpty()) {
            throw new NotFound(what, "its name has no registry and there is no default one",
                    "write REGISTRY/" + reference.path() + ", or set tiny.registry.default");
        }
        return new Repository(reference.registry(), reference.path());
    }

    /** The image that is here already, where the registry has no other under this name. */
    private Optional<Row> unchanged(RegistryService registry, Reference reference, Optional<Name> named,
            Platform platform, Repository repository) {
        Optional<Row> here = store.find(reference).filter(row -> store.config(row.id()).platform().isFor(platform));
        if (here.isEmpty() || reference.digest() != null) {
            return here;
        }
        String digest = named.map(Name::digest).orElse(null);
        boolean same = digest != null && registry.digest(repository, reference.tagOrDigest()).filter(digest::equals)
                .isPresent();
        return same ? here : Optional.empty();
    }

    private RemoteManifest forPlatform(String what, RegistryService registry, Repository repository,
            RemoteManifest top, Platform platform) {
        RemoteManifest document = top;
        for (int depth = 0; Manifest.isIndex(what, document.mediaType(), document.bytes()); depth++) {
            if (depth == DEEPEST_INDEX) {
                throw new InvalidRequest(what, "its indexes are nested too deep", "");
            }
            List<Descriptor> members = Manifest.index(what, document.mediaType(), document.bytes());
            Descriptor chosen = Manifest.choose(what, members, platform);
            document = registry.manifest(repository, chosen.id());
        }
        return document;
    }

    private byte[] config(String what, RegistryService registry, Repository repository, Descriptor config) {
        byte[] bytes;
        try (InputStream in = registry.blob(repository, config.id(), config.size(), 0)) {
            bytes = in.readNBytes((int) Manifest.MOST_BYTES + 1);
        } catch (IOException e) {
            throw new SystemFailure(what, "its configuration cannot be read: " + e.getMessage(), "try again", e);
        }
        if (bytes.length != config.size() || !Digest.of(bytes).equals(config.id())) {
            if (registry.mistrustMirrors(repository)) {
                return config(what, registry, repository, config);
            }
            throw new InvalidRequest(what, "its configuration is not what its digest says",
                    "try again; if it happens again the registry's copy is damaged");
        }
        return bytes;
    }

    private static List<String> diffIds(String what, Manifest manifest, byte[] json, Platform platform) {
        ImageConfig config = ImageConfig.parse(what, json);
        if (!config.platform().architecture().isEmpty() && !config.platform().isFor(platform)) {
            throw new InvalidRequest(what, "it is for " + config.platform() + " and not for " + platform,
                    "choose with --platform " + config.platform());
        }
        checkCount(what, config, manifest.layers().size());
        return config.diffIds();
    }

    static void checkCount(String what, ImageConfig config, int layers) {
        if (config.diffIds().size() != layers) {
            throw new InvalidRequest(what, "its manifest has " + layers + " layers and its configuration "
                    + config.diffIds().size(), "the image is damaged; get it again from its maker");
        }
    }

    private List<Layer> layers(String what, RegistryService registry, Repository repository, Manifest manifest,
            List<String> diffIds, PullProgress progress) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.clamp(diffIds.size(), 1, THREADS),
                Thread.ofPlatform().daemon().name("layer-", 0).factory());
        try {
            Semaphore slots = new Semaphore(AT_ONCE, true);
            CompletionService<Layer> ended = new ExecutorCompletionService<>(threads);
            List<Future<Layer>> coming = new ArrayList<>();
            for (int i = 0; i < diffIds.size(); i++) {
                Descriptor blob = manifest.layers().get(i);
                progress.layer(Digest.brief(blob.id()), Phase.WAITING, 0, blob.size());
                LayerFetcher.Wish wish = new LayerFetcher.Wish(what, registry, repository, blob, diffIds.get(i),
                        progress, slots);
                coming.add(ended.submit(() -> fetcher.fetch(wish)));
            }
            // Whichever fails first ends it: no layer before that one is waited for.
            for (int i = 0; i < coming.size(); i++) {
                ended.take().get();
            }
            List<Layer> layers = new ArrayList<>();
            for (Future<Layer> layer : coming) {
                layers.add(layer.get());
            }
            return layers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SystemFailure(what, "it was interrupted", "what has come is kept for the next time", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause
                    : new SystemFailure(what, String.valueOf(e.getCause()), "", e);
        } finally {
            // Those that still download hear of it, and nothing is swept before they have ended.
            threads.shutdownNow();
            threads.close();
        }
    }
}
