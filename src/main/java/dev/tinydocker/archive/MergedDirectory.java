package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A directory as a stack of layers shows it, read without mounting them: what overlayfs would show of directories that
 * nobody changes. Links are never followed, and what is mounted in a layer is not seen.
 * A single directory can be read so too, then with what is mounted in it.
 */
final class MergedDirectory implements AutoCloseable {

    /** Those that show something of it, the topmost first; empty for the place of a mount. */
    private final List<DirectoryHandle> layers;
    private final FileStat stat;

    private final boolean mounts;

    private MergedDirectory(List<DirectoryHandle> layers, FileStat stat, boolean mounts) {
        this.layers = layers;
        this.stat = stat;
        this.mounts = mounts;
    }

    /** A directory with all that is mounted in it; closed with this. */
    static MergedDirectory of(DirectoryHandle directory) {
        return new MergedDirectory(List.of(directory), directory.stat(), true);
    }

    /** @param layers topmost first */
    static MergedDirectory open(List<Path> layers) {
        List<DirectoryHandle> opened = new ArrayList<>();
        try {
            for (Path layer : layers) {
                opened.add(DirectoryHandle.open(layer));
            }
            return new MergedDirectory(opened, opened.getFirst().stat(), false);
        } catch (SyscallException e) {
            opened.forEach(DirectoryHandle::close);
            throw e;
        }
    }

    FileStat stat() {
        return stat;
    }

    /** The one that owner, permissions and attributes are of; empty for the place of a mount. */
    Optional<DirectoryHandle> top() {
        return layers.stream().findFirst();
    }

    /** The names it shows, in the order of their bytes, and the layer that each is from. Once. */
    Map<byte[], DirectoryHandle> names() {
        Map<byte[], DirectoryHandle> names = new TreeMap<>(Arrays::compareUnsigned);
        for (DirectoryHandle layer : layers) {
            layer.names().forEach(name -> names.putIfAbsent(name, layer));
        }
        return names;
    }

    /** A directory in it. */
    MergedDirectory enter(byte[] name) {
        List<DirectoryHandle> found = new ArrayList<>();
        FileStat top = null;
        try {
            for (DirectoryHandle layer : layers) {
                Optional<FileStat> there = find(layer, name);
                if (there.isPresent() && !there.get().isDirectory()) {
                    break;
                }
                if (there.isPresent()) {
                    top = top == null ? there.get() : top;
                    DirectoryHandle directory = mounts ? layer.directory(name) : layer.directoryOfThisMount(name);
                    found.add(directory);
                    if (Whiteouts.isOpaque(directory)) {
                        break;
                    }
                }
            }
        } catch (SyscallException e) {
            found.forEach(DirectoryHandle::close);
            if (e.errno() != Errno.EXDEV || top == null) {
                throw e;
            }
            return new MergedDirectory(List.of(), top, mounts);
        }
        if (top == null) {
            throw new SyscallException("openat", TarEntry.said(name), Errno.ENOENT);
        }
        return new MergedDirectory(found, top, mounts);
    }

    private static Optional<FileStat> find(DirectoryHandle layer, byte[] name) {
        try {
            return Optional.of(layer.stat(name));
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        layers.forEach(DirectoryHandle::close);
    }
}
