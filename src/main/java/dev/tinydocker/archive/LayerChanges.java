package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.SystemFailure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the upper directory of an overlay changes in the lower ones. Links are never followed. Blocks: platform threads
 * only.
 */
public final class LayerChanges {

    /** What happened to a path. */
    public enum Kind {

        ADDED('A'), CHANGED('C'), DELETED('D');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** As {@code diff} prints it. */
        public char letter() {
            return letter;
        }
    }

    /**
     * A change.
     *
     * @param path absolute, as the container sees it
     */
    public record Change(Kind kind, String path) {

        @Override
        public String toString() {
            return kind.letter() + " " + path;
        }
    }

    private static final byte[] TOP = {};
    /** The kernel takes no longer path; a container can still make deeper directories, one by one. */
    private static final int LONGEST_PATH = 4095;

    private final Consumer<Change> each;

    private LayerChanges(Consumer<Change> each) {
        this.each = each;
    }

    /**
     * Tells of the changes, in the order of the paths' bytes, a directory before what is in it. A directory in which
     * something changed has changed; one that was deleted is one deletion, and so is each name that is hidden by a new
     * directory in its place. There may be more of them than the memory takes.
     *
     * @param lower topmost first, as overlayfs has them
     * @throws SystemFailure where a directory cannot be read
     */
    public static void of(Path upper, List<Path> lower, Consumer<Change> each) {
        List<DirectoryHandle> below = new ArrayList<>();
        try (DirectoryHandle top = DirectoryHandle.open(upper)) {
            for (Path layer : lower) {
                below.add(DirectoryHandle.open(layer));
            }
            new LayerChanges(each).directory(top, TOP, below);
        } catch (SyscallException e) {
            throw new SystemFailure("compare '" + upper + "' with what is below", String.valueOf(e.getMessage()), "",
                    e);
        } finally {
            below.forEach(DirectoryHandle::close);
        }
    }

    /** @param below the tops of those lower layers of which this directory shows something */
    private void directory(DirectoryHandle directory, byte[] path, List<DirectoryHandle> below) {
        if (path.length > LONGEST_PATH) {
            throw new SyscallException("openat", TarEntry.said(path), Errno.ENAMETOOLONG);
        }
        List<byte[]> names = ifThere(directory::names).orElseGet(ArrayList::new);
        if (Whiteouts.isOpaque(directory)) {
            hidden(path, below, names);
        }
        names.sort(Arrays::compareUnsigned);
        for (byte[] name : names) {
            byte[] inner = join(path, name);
            Optional<FileStat> stat = ifThere(() -> directory.stat(name));
            Optional<FileStat> before = before(below, inner);
            if (stat.isEmpty() || stat.get().isWhiteout()) {
                // A deletion of what is not there, or already hidden, changes nothing.
                before.ifPresent(gone -> add(Kind.DELETED, inner));
                continue;
            }
            add(before.isPresent() ? Kind.CHANGED : Kind.ADDED, inner);
            if (stat.get().isDirectory()) {
                boolean merged = before.isPresent() && before.get().isDirectory();
                try (DirectoryHandle next = ifThere(() -> directory.directory(name)).orElse(null)) {
                    if (next != null) {
                        directory(next, inner, merged ? merged(below, inner) : List.of());
                    }
                }
            }
        }
    }

    /** Adds to a directory's names those that it hides although nothing says so one by one. */
    private static void hidden(byte[] path, List<DirectoryHandle> below,
            List<byte[]> names) {
        Set<ByteBuffer> known = new HashSet<>();
        names.forEach(name -> known.add(ByteBuffer.wrap(name)));
        for (DirectoryHandle layer : below) {
            try (DirectoryHandle same = layer.beneath(path.length == 0 ? new byte[] { '.' } : path)) {
                for (byte[] name : same.names()) {
                    if (known.add(ByteBuffer.wrap(name))) {
                        names.add(name);
                    }
                }
            }
        }
    }

    /** What a path was in the lower layers together; empty where it was not there. */
    private static Optional<FileStat> before(List<DirectoryHandle> below, byte[] path) {
        for (DirectoryHandle layer : below) {
            Optional<FileStat> stat = find(layer, path);
            if (stat.isPresent()) {
                return stat.filter(found -> !found.isWhiteout());
            }
        }
        return Optional.empty();
    }

    /** Those of the layers of which a directory shows something: until one has something else there, or is opaque. */
    private static List<DirectoryHandle> merged(List<DirectoryHandle> below, byte[] path) {
        List<DirectoryHandle> merged = new ArrayList<>();
        for (DirectoryHandle layer : below) {
            Optional<FileStat> stat = find(layer, path);
            if (stat.isPresent() && !stat.get().isDirectory()) {
                break;
            }
            if (stat.isPresent()) {
                merged.add(layer);
                try (DirectoryHandle directory = layer.beneath(path)) {
                    if (Whiteouts.isOpaque(directory)) {
                        break;
                    }
                }
            }
        }
        return merged;
    }

    private static Optional<FileStat> find(DirectoryHandle layer, byte[] path) {
        int slash = lastSlash(path);
        byte[] above = slash < 0 ? new byte[] { '.' } : Arrays.copyOf(path, slash);
        return ifThere(() -> layer.beneath(above)).flatMap(directory -> {
            try (directory) {
                return ifThere(() -> directory.stat(Arrays.copyOfRange(path, slash + 1, path.length)));
            }
        });
    }

    private static int lastSlash(byte[] path) {
        int at = path.length - 1;
        while (at >= 0 && path[at] != '/') {
            at--;
        }
        return at;
    }

    /** Empty where it is gone since it was looked for, or something else by now: the container may run. */
    private static <T> Optional<T> ifThere(Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static byte[] join(byte[] path, byte[] name) {
        if (path.length == 0) {
            return name;
        }
        byte[] joined = Arrays.copyOf(path, path.length + 1 + name.length);
        joined[path.length] = '/';
        System.arraycopy(name, 0, joined, path.length + 1, name.length);
        return joined;
    }

    private void add(Kind kind, byte[] path) {
        each.accept(new Change(kind, "/" + new String(path, StandardCharsets.UTF_8)));
    }
}
