package dev.tinydocker.rootfs;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.rootfs.Catalogue.Entry;
import dev.tinydocker.rootfs.RootfsCache.Cleaned;
import dev.tinydocker.rootfs.RootfsUsers.Use;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.store.TreeSize;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;

/** One cleaning: trees are taken out of sight first, and deleted when nobody waits for that. */
final class Cleaner {

    private final ArchiveCache archives;
    private final Trees trees;
    private final @Nullable RootfsUsers users;
    private final Function<Entry, Lock> locks;
    private final List<String> removed = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<Path> leaving = new ArrayList<>();
    private long bytes;

    /** @param locks whoever fetches or unpacks an entry holds its lock */
    Cleaner(ArchiveCache archives, Trees trees, @Nullable RootfsUsers users, Function<Entry, Lock> locks) {
        this.archives = archives;
        this.trees = trees;
        this.users = users;
        this.locks = locks;
    }

    /**
     * The archive of an entry and all that was unpacked of it.
     *
     * @param insist one that a container uses is a Conflict; otherwise it stays
     * @param withArchive otherwise the archive stays, and where there is none what was unpacked of it
     */
    void entry(Entry entry, boolean insist, boolean withArchive) {
        Lock lock = locks.apply(entry);
        lock.lock();
        try {
            List<Path> found = trees.of(entry);
            Optional<ArchiveCache.Kept> archive = archives.kept(entry);
            if (!withArchive && archive.isEmpty()) {
                return;
            }
            Optional<String> user = remove(found);
            if (user.isPresent() && insist) {
                throw new Conflict("remove the root file system '" + entry.name() + "'",
                        "the container " + user.get() + " uses it",
                        "remove that one first, with 'rm " + user.get() + "'");
            }
            if (user.isPresent()) {
                kept.add(entry.name());
                return;
            }
            if (withArchive && archive.isPresent() || !found.isEmpty()) {
                removed.add(entry.name());
            }
            if (withArchive && archive.isPresent()) {
                bytes += archives.delete(archive.get());
            }
        } catch (IOException e) {
            throw failure(entry.name(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Trees of archives that have changed since, and of entries that are in the catalogue no more. */
    void stale(List<Entry> entries) {
        try {
            List<Path> current = new ArrayList<>();
            for (Entry entry : entries) {
                trees.current(entry).ifPresent(current::add);
            }
            for (Path tree : trees.all()) {
                if (!current.contains(tree) && remove(List.of(tree)).isEmpty()) {
                    removed.add(String.valueOf(tree.getFileName()));
                }
            }
        } catch (IOException e) {
            throw failure("", e);
        }
    }

    /** Takes all of them out of sight, or none where one has a user, who is returned. */
    private Optional<String> remove(List<Path> found) {
        List<String> using = new ArrayList<>();
        Runnable removal = () -> {
            List<Use> uses = users == null ? List.of() : users.uses();
            found.forEach(tree -> user(uses, tree).ifPresent(using::add));
            if (using.isEmpty()) {
                found.forEach(this::hide);
            }
        };
        if (users == null) {
            removal.run();
        } else {
            users.removing(removal);
        }
        return using.stream().findFirst();
    }

    private void hide(Path tree) {
        try {
            leaving.add(trees.remove(tree));
        } catch (IOException e) {
            throw failure(tree.toString(), e);
        }
    }

    /** A name without a version stands for all of them: the newest one may have been another when it was used. */
    static Optional<String> user(List<Use> uses, Path tree) {
        String directory = String.valueOf(tree.getFileName());
        return uses.stream().filter(use -> {
            String name = use.name().replace(':', '_');
            return directory.startsWith(name + "-") || directory.startsWith(name + "_");
        }).map(Use::user).findFirst();
    }

    /** Deletes what was taken out of sight. */
    void finish() {
        for (Path tree : leaving) {
            try {
                bytes += TreeSize.of(tree);
                TreeDeleter.delete(tree);
            } catch (IOException e) {
                throw failure(tree.toString(), e);
            }
        }
    }

    Cleaned done() {
        return new Cleaned(removed, kept, bytes);
    }

    private static SystemFailure failure(String name, IOException e) {
        return new SystemFailure("remove the root file system '" + name + "'", FileFailures.reasonWithFile(e),
                "see that it can be written", e);
    }
}
