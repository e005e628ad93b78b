package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileBuffer;
import dev.tinydocker.linux.FileHandle;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Packs a directory as an archive that {@link LayerReader} makes the same directory of: what it keeps, this writes.
 * Names are in the order of their bytes, so that the same directory gives the same archive. Blocks: platform threads
 * only.
 */
public final class LayerWriter {

    /** The kernel takes no longer path, and so nobody could unpack it. */
    private static final int LONGEST_PATH = 4095;
    private static final Set<Integer> CHANGED = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EINVAL,
            Errno.ENXIO);
    private static final byte[] NOTHING = {};
    private static final byte[] TOP = { '.', '/' };

    private record FileId(long device, long inode) {
    }

    private final EntryWriter entries;
    private final Whiteouts whiteouts;
    private final boolean merged;
    private final Predicate<String> leftOut;
    private final Map<FileId, byte[]> names = new HashMap<>();
    private byte[] current = TOP;

    private LayerWriter(OutputStream out, Whiteouts whiteouts, boolean merged, Predicate<String> leftOut,
            FileBuffer buffer) {
        this.entries = new EntryWriter(out, buffer);
        this.whiteouts = whiteouts;
        this.merged = merged;
        this.leftOut = leftOut;
    }

    /**
     * Packs a directory with all that {@link LayerReader#unpack} keeps; sockets are left out. Files that change
     * meanwhile come as they are found, those that vanish do not come.
     *
     * @param tar flushed, not closed
     * @param whiteouts {@code OVERLAY} for the upper directory of an overlay: its deletions become names {@code .wh.}
     * @throws InvalidRequest for a name that would mean a deletion where it is unpacked
     * @throws SystemFailure where the directory cannot be read, or holds what overlayfs keeps in another place
     * @throws IOException what {@code tar} throws, or that this thread is interrupted
     */
    public static void pack(Path directory, OutputStream tar, Whiteouts whiteouts) throws IOException {
        pack(List.of(directory), tar, whiteouts, _ -> false);
    }

    /**
     * Packs the upper directory of an overlay as a layer.
     *
     * @param leftOut absolute paths that are no part of it, with all that is in them
     */
    public static void packLayer(Path upper, OutputStream tar, Predicate<String> leftOut) throws IOException {
        pack(List.of(upper), tar, Whiteouts.OVERLAY, leftOut);
    }

    /**
     * Packs what a stack of layers shows as one directory; nothing is mounted for that. What is mounted in one of them
     * comes as an empty directory.
     *
     * @param layers topmost first
     * @param leftOut absolute paths that are no part of it, with all that is in them
     */
    public static void packMerged(List<Path> layers, OutputStream tar, Predicate<String> leftOut) throws IOException {
        pack(layers, tar, Whiteouts.NONE, leftOut);
    }

    /**
     * Packs a directory, with what is mounted in it.
     *
     * @param directory closed with that
     * @param as what it is called in the archive; empty for what is in it alone
     */
    static void packTree(DirectoryHandle directory, byte[] as, OutputStream tar) throws IOException {
        write(tar, writer -> {
            try (MergedDirectory top = MergedDirectory.of(directory)) {
                if (as.length == 0) {
                    writer.inside(top, TOP);
                } else {
                    writer.directory(top, path(as, new byte[] { '/' }));
                }
            }
        });
    }

    /** Packs what is no directory; of a link, the link itself. */
    static void packEntry(DirectoryHandle parent, byte[] name, byte[] as, OutputStream tar) throws IOException {
        write(tar, writer -> {
            FileStat stat = parent.stat(name);
            boolean done = stat.isRegular() ? writer.file(parent, name, as)
                    : writer.entries.other(parent, name, as, stat);
            if (!done) {
                throw new InvalidRequest("pack '" + TarEntry.said(name) + "'", "it is a socket",
                        "an archive cannot hold one");
            }
        });
    }

    /** Packs a file. */
    static void packFile(FileHandle file, byte[] as, OutputStream tar) throws IOException {
        write(tar, writer -> writer.file(file, file.stat(), as));
    }

    private interface Content {
        void write(LayerWriter writer) throws IOException;
    }

    private static void write(OutputStream tar, Content content) throws IOException {
        OutputStream out = new BufferedOutputStream(tar, EntryWriter.BUFFER);
        try (FileBuffer buffer = new FileBuffer(EntryWriter.BUFFER)) {
            LayerWriter writer = new LayerWriter(out, Whiteouts.NONE, false, _ -> false, buffer);
            try {
                content.write(writer);
            } catch (SyscallException e) {
                throw new SystemFailure("read '" + TarEntry.said(writer.current) + "'",
                        String.valueOf(e.getMessage()), "", e);
            }
            writer.entries.finish();
        }
    }

    private static void pack(List<Path> layers, OutputStream tar, Whiteouts whiteouts, Predicate<String> leftOut)
            throws IOException {
        OutputStream out = new BufferedOutputStream(tar, EntryWriter.BUFFER);
        try (FileBuffer buffer = new FileBuffer(EntryWriter.BUFFER); MergedDirectory top = opened(layers)) {
            LayerWriter writer = new LayerWriter(out, whiteouts, layers.size() > 1, leftOut, buffer);
            try {
                writer.directory(top, TOP);
            } catch (SyscallException e) {
                throw new SystemFailure("pack '" + TarEntry.said(writer.current) + "' in '" + layers.getFirst() + "'",
                        String.valueOf(e.getMessage()), "", e);
            }
            writer.entries.finish();
        }
    }

    private static MergedDirectory opened(List<Path> layers) {
        try {
            return MergedDirectory.open(layers);
        } catch (SyscallException e) {
            throw new SystemFailure("pack '" + layers.getFirst() + "'", String.valueOf(e.getMessage()), "", e);
        }
    }

    /** @param name with a slash at its end */
    private void directory(MergedDirectory directory, byte[] name) throws IOException {
        DirectoryHandle top = directory.top().orElse(null);
        entries.header(TarHeader.DIRECTORY, name, NOTHING, directory.stat(),
                top == null ? Map.of() : Attributes.get(top));
        if (top != null && (merged || whiteouts == Whiteouts.OVERLAY)) {
            refuseElsewhere(top.attribute(Whiteouts.REDIRECT).isPresent());
            if (!merged && Whiteouts.isOpaque(top)) {
                entries.deletion(path(name, Whiteouts.opaque()), directory.stat());
            }
        }
        inside(directory, name);
    }

    private void inside(MergedDirectory directory, byte[] name) throws IOException {
        for (Map.Entry<byte[], DirectoryHandle> each : directory.names().entrySet()) {
            current = path(name, each.getKey());
            if (leftOut.test("/" + new String(current, StandardCharsets.UTF_8))) {
                continue;
            }
            try {
                entry(directory, each.getValue(), each.getKey(), current);
            } catch (SyscallException e) {
                if (!CHANGED.contains(e.errno())) {
                    throw e;
                }
                // Gone since the directory was read, or something else by now.
            }
        }
    }

    /** @param parent the one of the directory's layers that the name is from */
    private void entry(MergedDirectory directory, DirectoryHandle parent, byte[] name, byte[] path)
            throws IOException {
        if (path.length > LONGEST_PATH) {
            throw refused("its path has " + path.length + " bytes, more than " + LONGEST_PATH);
        }
        EntryWriter.giveUpIfInterrupted();
        FileStat stat = parent.stat(name);
        if (whiteouts == Whiteouts.OVERLAY) {
            if (Whiteouts.isWhiteout(name)) {
                throw refused("a name that begins with .wh. means a deletion in a layer");
            } else if (stat.isWhiteout()) {
                byte[] above = Arrays.copyOf(path, path.length - name.length);
                entries.deletion(path(above, Whiteouts.whiteout(name)), stat);
                return;
            }
        } else if (merged && stat.isWhiteout()) {
            return;
        }
        if (stat.isDirectory()) {
            try (MergedDirectory inner = directory.enter(name)) {
                directory(inner, path(path, new byte[] { '/' }));
            }
            return;
        }
        FileId id = new FileId(stat.device(), stat.inode());
        byte[] first = names.get(id);
        if (first != null) {
            entries.header(TarHeader.LINK, path, first, stat, Map.of());
        } else if ((stat.isRegular() ? file(parent, name, path)
                : entries.other(parent, name, path, stat))
                && stat.links() > 1) {
            names.put(id, path);
        }
    }

    /** False where it is no file any more. */
    private boolean file(DirectoryHandle parent, byte[] name, byte[] path) throws IOException {
        try (FileHandle file = parent.file(name)) {
            FileStat stat = file.stat();
            if (!stat.isRegular()) {
                return false;
            }
            file(file, stat, path);
            return true;
        }
    }

    private void file(FileHandle file, FileStat stat, byte[] path) throws IOException {
        refuseElsewhere((merged || whiteouts == Whiteouts.OVERLAY) && file.attribute(Whiteouts.METACOPY).isPresent());
        entries.file(file, stat, path);
    }

    private static byte[] path(byte[] directory, byte[] name) {
        if (directory == TOP) {
            return name;
        }
        byte[] path = Arrays.copyOf(directory, directory.length + name.length);
        System.arraycopy(name, 0, path, directory.length, name.length);
        return path;
    }

    private void refuseElsewhere(boolean elsewhere) {
        if (elsewhere) {
            throw new SystemFailure("pack '" + TarEntry.said(current) + "'",
                    "overlayfs keeps its content in a lower directory under another name",
                    "mount overlays with redirect_dir=off and metacopy=off");
        }
    }

    private Problem refused(String why) {
        return new InvalidRequest("pack '" + TarEntry.said(current) + "'", why, "rename or remove it");
    }
}
