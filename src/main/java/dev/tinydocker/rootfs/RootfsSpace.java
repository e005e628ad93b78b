package dev.tinydocker.rootfs;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.rootfs.Catalogue.Entry;
import dev.tinydocker.rootfs.RootfsUsers.Use;
import dev.tinydocker.store.TreeSize;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one root file system takes on the disk.
 *
 * @param name in the catalogue, or of the directory where the catalogue has no such entry
 * @param archive bytes of the archive, which all engines of this program share
 * @param unpacked bytes of its files
 * @param user a container that uses it, empty where none does
 */
public record RootfsSpace(String name, long archive, long unpacked, String user) {

    static List<RootfsSpace> of(List<Entry> entries, ArchiveCache archives, Trees trees, @Nullable RootfsUsers users) {
        List<Use> uses = users == null ? List.of() : users.uses();
        List<RootfsSpace> all = new ArrayList<>();
        try {
            List<Path> left = new ArrayList<>(trees.all());
            for (Entry entry : entries) {
                Optional<ArchiveCache.Kept> kept = archives.kept(entry);
                long archive = kept.isPresent() ? Files.size(kept.get().file()) : 0;
                List<Path> unpacked = trees.of(entry);
                left.removeAll(unpacked);
                if (kept.isPresent() || !unpacked.isEmpty()) {
                    all.add(new RootfsSpace(entry.name(), archive, unpacked.stream().mapToLong(TreeSize::of).sum(),
                            unpacked.stream().map(tree -> Cleaner.user(uses, tree)).flatMap(Optional::stream)
                                    .findFirst().orElse("")));
                }
            }
            for (Path tree : left) {
                all.add(new RootfsSpace(String.valueOf(tree.getFileName()), 0, TreeSize.of(tree),
                        Cleaner.user(uses, tree).orElse("")));
            }
            return all;
        } catch (IOException e) {
            throw new SystemFailure("look at what root file systems take", FileFailures.reasonWithFile(e), "", e);
        }
    }
}
