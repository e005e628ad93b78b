package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileHandle;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What is to be copied: opened once by its path, in a root that no link leads out of, and from then on the same
 * whatever becomes of the path. Platform threads only.
 */
public final class CopySource implements AutoCloseable {

    private final byte[] name;
    private final boolean content;
    private final DirectoryHandle parent;
    private final @Nullable DirectoryHandle tree;
    private final @Nullable FileHandle file;

    private CopySource(byte[] name, boolean content, DirectoryHandle parent, @Nullable DirectoryHandle tree,
            @Nullable FileHandle file) {
        this.name = name;
        this.content = content;
        this.parent = parent;
        this.tree = tree;
        this.file = file;
    }

    /**
     * Opens what a path names in a root.
     *
     * @param what the deed and its object, for errors
     * @param path with a slash at its end only a directory, with {@code /.} what is in it
     * @param follow a link stands for what it leads to; else for itself
     * @throws NotFound where there is nothing
     */
    public static CopySource open(String what, DirectoryHandle root, String path, boolean follow) {
        CopyPath wanted = CopyPath.of(path);
        try {
            DirectoryHandle parent = root.directoryInRoot(CopyPath.above(wanted.clean()));
            try {
                return open(what, root, parent, wanted, follow);
            } catch (RuntimeException e) {
                parent.close();
                throw e;
            }
        } catch (SyscallException e) {
            throw failed(what, e);
        }
    }

    private static CopySource open(String what, DirectoryHandle root, DirectoryHandle parent, CopyPath wanted,
            boolean follow) {
        byte[] all = CopyPath.bytes(wanted.clean());
        byte[] name = CopyPath.last(wanted.clean());
        if (wanted.isRoot()) {
            return new CopySource(name, true, parent, root.directoryInRoot(all), null);
        }
        FileStat stat = parent.stat(name);
        if (stat.isSymbolicLink() && (follow || wanted.directory())) {
            try {
                return new CopySource(name, wanted.content(), parent, root.directoryInRoot(all), null);
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENOTDIR || wanted.directory()) {
                    throw e;
                }
                return followed(what, name, parent, root.fileInRoot(all));
            }
        } else if (stat.isDirectory()) {
            return new CopySource(name, wanted.content(), parent, parent.directory(name), null);
        } else if (wanted.directory()) {
            throw new SyscallException("open", wanted.clean(), Errno.ENOTDIR);
        }
        return new CopySource(name, false, parent, null, null);
    }

    private static CopySource followed(String what, byte[] name, DirectoryHandle parent, FileHandle file) {
        if (file.stat().isRegular()) {
            return new CopySource(name, false, parent, null, file);
        }
        file.close();
        throw new InvalidRequest(what, "the link leads to what is neither a file nor a directory", "");
    }

    boolean isDirectory() {
        return tree != null;
    }

    /** What it is called where it is put into a directory; empty where only what is in it is. */
    byte[] name() {
        return content ? new byte[0] : name;
    }

    /** Packs it under its own name. Once. */
    public void pack(OutputStream tar) throws IOException {
        pack(tar, name());
    }

    void pack(OutputStream tar, byte[] as) throws IOException {
        if (tree != null) {
            LayerWriter.packTree(tree, as, tar);
        } else if (file != null) {
            LayerWriter.packFile(file, as, tar);
        } else {
            LayerWriter.packEntry(parent, name, as, tar);
        }
    }

    static Problem failed(String what, SyscallException e) {
        return switch (e.errno()) {
            case Errno.ENOENT -> new NotFound(what, "there is no such file or directory", "", e);
            case Errno.ENOTDIR -> new InvalidRequest(what, "a name on its way is not a directory",
                    "leave out a slash at its end", e);
            case Errno.ELOOP -> new InvalidRequest(what, "its links lead in a circle", "", e);
            default -> new SystemFailure(what, String.valueOf(e.getMessage()), "", e);
        };
    }

    @Override
    public void close() {
        parent.close();
        if (file != null) {
            file.close();
        }
    }
}
