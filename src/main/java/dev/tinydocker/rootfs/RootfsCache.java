package dev.tinydocker.rootfs;

import dev.tinydocker.archive.ArchiveSettings;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.rootfs.CachedRootfs.State;
import dev.tinydocker.rootfs.Catalogue.Entry;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** The catalogue of root file systems, and what of it is on this host: archives, and what was unpacked of them. */
@Service
public class RootfsCache {

    private final Layout layout;
    private final String mirror;
    private final ObjectProvider<RootfsUsers> users;
    private final ArchiveCache archives;
    private final Trees trees;
    private final Map<String, Rootfs> ready = new ConcurrentHashMap<>();
    private final Map<String, Lock> fetching = new ConcurrentHashMap<>();
    private volatile @Nullable Catalogue catalogue;

    /** @param mirror where archives are downloaded from, empty for nowhere */
    public RootfsCache(Layout layout, @Value("${tiny.rootfs.mirror}") String mirror, ArchiveSettings settings,
            ObjectProvider<RootfsUsers> users) {
        this.layout = layout;
        this.mirror = mirror;
        this.users = users;
        this.archives = new ArchiveCache(layout.rootfsCache());
        this.trees = new Trees(layout.rootfsTrees(), archives, settings.limits());
    }

    /** What cleaning took away, how many bytes that gives back, and what stays though it was asked for. */
    public record Cleaned(List<String> removed, List<String> kept, long bytes) {
    }

    /**
     * An entry of the catalogue, fetched and unpacked where it is used for the first time; concurrent callers wait for
     * one fetch.
     *
     * @throws NotFound where the catalogue has no such entry
     * @throws HostLacks where no source of it is within reach
     */
    public Rootfs get(String name, FetchProgress progress) {
        Rootfs known = ready.get(name);
        if (known != null && Files.isDirectory(known.lower().getFirst())) {
            return known;
        }
        Entry entry = catalogue().find(name);
        Lock one = lock(entry);
        one.lock();
        try {
            Rootfs rootfs = new Rootfs(name, List.of(trees.tree(entry, progress)), entry.command(),
                    entry.environment());
            ready.put(name, rootfs);
            return rootfs;
        } finally {
            one.unlock();
        }
    }

    /** The names in the catalogue, in its order. */
    public List<String> names() {
        return catalogue().names();
    }

    /** All entries of the catalogue; archives that are here are read, to see whether they are what they should be. */
    public List<CachedRootfs> list() {
        List<CachedRootfs> all = new ArrayList<>();
        for (Entry entry : catalogue().entries()) {
            all.add(look(entry));
        }
        return all;
    }

    /**
     * The entries of these names, or all of which an archive is here, read and compared.
     *
     * @throws NotFound where one of these names has no archive here
     */
    public List<CachedRootfs> verify(List<String> names) {
        List<CachedRootfs> all = new ArrayList<>();
        for (Entry entry : catalogue().find(names)) {
            CachedRootfs found = look(entry);
            if (found.archive() != State.ABSENT) {
                all.add(found);
            } else if (!names.isEmpty()) {
                throw new NotFound("verify the root file system '" + entry.name() + "'", "its archive is not here",
                        "'rootfs pull " + entry.name() + "' gets it");
            }
        }
        return all;
    }

    private CachedRootfs look(Entry entry) {
        try {
            Optional<ArchiveCache.Kept> kept = archives.kept(entry);
            String file = kept.map(archive -> archive.file().getFileName().toString()).orElse("");
            long bytes = kept.isPresent() ? Files.size(kept.get().file()) : 0;
            String source = entry.sources().stream().map(RootfsCache::source).distinct()
                    .collect(Collectors.joining(", "));
            return new CachedRootfs(entry.name(), entry.version(), catalogue().arch(), source, file, bytes,
                    kept.isPresent() ? state(kept.get()) : State.ABSENT, !trees.of(entry).isEmpty());
        } catch (IOException e) {
            throw new SystemFailure("look at the root file system '" + entry.name() + "'",
                    FileFailures.reasonWithFile(e), "see that '" + layout.rootfsCache() + "' can be read", e);
        }
    }

    private State state(ArchiveCache.Kept kept) throws IOException {
        try {
            archives.verify(kept);
            return archives.wanted(kept).isEmpty() ? State.UNKNOWN : State.VERIFIED;
        } catch (InvalidRequest e) {
            return State.WRONG;
        }
    }

    private static String source(Source source) {
        return switch (source) {
            case Source.Archive archive -> archive.url().isEmpty() ? "archive" : "download";
            case Source.Installed(String program) -> program;
            case Source.Package(String name) -> "package " + name;
            case Source.Bootstrap bootstrap -> "packages of " + bootstrap.distribution();
        };
    }

    /**
     * Removes archives and what was unpacked of them, but for what containers use.
     *
     * @param names of these only; where none is given, what no entry of the catalogue leads to any more
     * @param all of all entries
     * @throws Conflict where a container uses one of these names
     */
    public Cleaned clean(List<String> names, boolean all) {
        return clean(names.isEmpty() && !all ? List.of() : catalogue().find(names), names.isEmpty(), !names.isEmpty(),
                true);
    }

    /** Removes what was unpacked and no container uses, but for what could not be unpacked again; archives stay. */
    public Cleaned cleanUnpacked() {
        return clean(catalogue().entries(), true, false, false);
    }

    /** What root file systems take on the disk, and who uses them; blocks: platform threads only. */
    public List<RootfsSpace> space() {
        return RootfsSpace.of(catalogue().entries(), archives, trees, users.getIfAvailable());
    }

    private Cleaned clean(List<Entry> entries, boolean stale, boolean insist, boolean withArchives) {
        Cleaner cleaner = new Cleaner(archives, trees, users.getIfAvailable(), this::lock);
        try {
            entries.forEach(entry -> cleaner.entry(entry, insist, withArchives));
            if (stale) {
                cleaner.stale(catalogue().entries());
            }
        } finally {
            cleaner.finish();
        }
        return cleaner.done();
    }

    private Lock lock(Entry entry) {
        return fetching.computeIfAbsent(entry.name(), _ -> new ReentrantLock());
    }

    private Catalogue catalogue() {
        Catalogue read = catalogue;
        if (read == null) {
            read = new Catalogue(layout.rootfsCatalogue(), arch(), mirror);
            catalogue = read;
        }
        return read;
    }

    private static String arch() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "aarch64";
            case String other -> throw new HostLacks("choose a root file system", "there is none for " + other,
                    "use --rootfs with a directory");
        };
    }
}
