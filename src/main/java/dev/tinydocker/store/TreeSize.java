package dev.tinydocker.store;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * How many bytes the files in a directory have, whatever a hostile program has put there: no link is followed, a file
 * with several names counts once, and what lies deeper than anything sensible does not count. What changes meanwhile
 * counts or does not. Blocks: platform threads only.
 */
public final class TreeSize {

    private static final int DEEPEST = 500;
    /** Deleted, or replaced by something else, since its name was read. */
    private static final Set<Integer> GONE = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

    private final Set<FileStat> linked = new HashSet<>();
    private long bytes;

    private TreeSize() {
    }

    /** 0 for a directory that is not there. */
    public static long of(Path directory) {
        TreeSize size = new TreeSize();
        try (DirectoryHandle top = DirectoryHandle.open(directory)) {
            size.add(top, 0);
        } catch (SyscallException e) {
            if (!GONE.contains(e.errno())) {
                throw e;
            }
        }
        return size.bytes;
    }

    private void add(DirectoryHandle directory, int depth) {
        for (byte[] name : directory.names()) {
            try {
                FileStat stat = directory.stat(name);
                if (stat.isRegular() && (stat.links() < 2 || linked.add(stat))) {
                    bytes += stat.size();
                } else if (stat.isDirectory() && depth < DEEPEST) {
                    try (DirectoryHandle inner = directory.directory(name)) {
                        add(inner, depth + 1);
                    }
                }
            } catch (SyscallException e) {
                if (!GONE.contains(e.errno())) {
                    throw e;
                }
            }
        }
    }
}
