package dev.tinydocker.rootfs;

import dev.tinydocker.archive.Compression;
import dev.tinydocker.archive.LayerReader;
import dev.tinydocker.archive.Limits;
import dev.tinydocker.archive.Whiteouts;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.rootfs.Catalogue.Entry;
import dev.tinydocker.store.TreeDeleter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Unpacked root file systems, {@code NAME-KEY}: whole or not there, and never changed. One caller at a time for each
 * entry.
 */
final class Trees {

    private static final String UNFINISHED = ".unpacking-";
    private static final String LEAVING = ".leaving-";

    private final Path directory;
    private final ArchiveCache cache;
    private final Limits limits;
    private boolean cleared;

    Trees(Path directory, ArchiveCache cache, Limits limits) {
        this.limits = limits;
        this.directory = directory;
        this.cache = cache;
    }

    /** The entry's tree, unpacked where it is not there, from an archive that is fetched where it is not there. */
    Path tree(Entry entry, FetchProgress progress) {
        try {
            Optional<ArchiveCache.Kept> kept = cache.kept(entry);
            if (kept.isEmpty()) {
                // The archive may have been deleted to save room: what came out of it serves as well.
                Optional<Path> unpacked = newest(entry);
                if (unpacked.isPresent()) {
                    return unpacked.get();
                }
                cache.fetch(entry, progress);
                kept = cache.kept(entry);
            }
            ArchiveCache.Kept archive = kept.orElseThrow(() -> new IOException("the archive was deleted meanwhile"));
            Path tree = directory.resolve(entry.directory() + "-" + archive.key());
            if (!Files.isDirectory(tree)) {
                cache.verify(archive);
                progress.note("unpacking '" + archive.file() + "'");
                unpack(archive.file(), tree);
            }
            return tree;
        } catch (IOException e) {
            throw new SystemFailure("unpack the root file system '" + entry.name() + "'",
                    FileFailures.reasonWithFile(e), "is there room in '" + directory + "'?", e);
        }
    }

    private void unpack(Path archive, Path tree) throws IOException {
        Files.createDirectories(directory);
        // Set-uid programs lie in there: nobody but root comes near.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        clear();
        Path part = Files.createTempDirectory(directory, UNFINISHED);
        try {
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpackInto(part, archive);
            Files.setLastModifiedTime(part, FileTime.fromMillis(System.currentTimeMillis()));
            sync(part);
            Files.move(part, tree, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        } catch (IOException | RuntimeException e) {
            try {
                TreeDeleter.delete(part);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private void unpackInto(Path part, Path archive) throws IOException {
        try (InputStream in = Compression.decompressed(Files.newInputStream(archive), limits)) {
            LayerReader.unpack(in, part, limits, Whiteouts.NONE);
        } catch (InvalidRequest e) {
            throw new InvalidRequest("unpack '" + archive + "'", String.valueOf(e.getMessage()),
                    "delete it, so that it is fetched again, or put a good one there", e);
        }
    }

    /** Deletes what an engine that died has left of a tree; this one has nothing under way yet. */
    private synchronized void clear() throws IOException {
        if (!cleared) {
            for (Path left : list(".*")) {
                TreeDeleter.delete(left);
            }
            cleared = true;
        }
    }

    /** All that was unpacked of an entry, from archives that may be gone. */
    List<Path> of(Entry entry) throws IOException {
        return list(entry.directory() + "-*");
    }

    /** What a container of the entry would start from, if it is here. */
    Optional<Path> current(Entry entry) throws IOException {
        Optional<ArchiveCache.Kept> kept = cache.kept(entry);
        return kept.isEmpty() ? newest(entry)
                : Optional.of(directory.resolve(entry.directory() + "-" + kept.get().key())).filter(Files::isDirectory);
    }

    /** All there are. */
    List<Path> all() throws IOException {
        return list("[!.]*");
    }

    /** Takes a tree out of sight: nobody starts from it any more. */
    Path remove(Path tree) throws IOException {
        return Files.move(tree, directory.resolve(LEAVING + tree.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private Optional<Path> newest(Entry entry) throws IOException {
        return of(entry).stream().max(Comparator.comparing(Trees::time));
    }

    private static FileTime time(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private List<Path> list(String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
