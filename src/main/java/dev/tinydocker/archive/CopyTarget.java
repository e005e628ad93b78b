package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Where something is copied to: a directory, or a name in one, that may be taken. Links are followed, in a root that
 * none leads out of. Platform threads only.
 *
 * @param directory closed by whoever copies into it
 * @param name empty for the directory itself
 * @param taken whether there is something of that name
 */
public record CopyTarget(DirectoryHandle directory, byte[] name, boolean taken) {

    private static final int MOST_LINKS = 40;
    private static final byte[] ITSELF = {};

    /**
     * Finds the place of a path in a root.
     *
     * @param what the deed and its object, for errors
     * @throws NotFound where the directory above is not there, or the path ends with a slash and is not there
     */
    public static CopyTarget find(String what, DirectoryHandle root, String path) {
        CopyPath wanted = CopyPath.of(path);
        String current = wanted.clean();
        try {
            for (int i = 0; i < MOST_LINKS; i++) {
                Object found = look(what, root, wanted, current);
                if (found instanceof CopyTarget target) {
                    return target;
                }
                current = (String) found;
            }
            throw new SyscallException("open", current, Errno.ELOOP);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                throw new NotFound(what, "the directory to copy into is not there", "make it first", e);
            }
            throw CopySource.failed(what, e);
        }
    }

    /** The target, or the path that a link leads to. */
    private static Object look(String what, DirectoryHandle root, CopyPath wanted, String path) {
        byte[] name = CopyPath.last(path);
        if (name.length == 0 || path.endsWith("/.") || path.endsWith("/..")) {
            return new CopyTarget(root.directoryInRoot(CopyPath.bytes(path)), ITSELF, true);
        }
        DirectoryHandle parent = root.directoryInRoot(CopyPath.above(path));
        try {
            FileStat stat = stat(parent, name);
            if (stat == null && wanted.directory()) {
                throw new SyscallException("open", path, Errno.ENOENT);
            } else if (stat == null) {
                return new CopyTarget(parent, name, false);
            } else if (stat.isSymbolicLink()) {
                String link = new String(parent.target(name), StandardCharsets.UTF_8);
                parent.close();
                return link.startsWith("/") ? link : path.substring(0, path.lastIndexOf('/') + 1) + link;
            } else if (stat.isDirectory()) {
                DirectoryHandle itself = parent.directory(name);
                parent.close();
                return new CopyTarget(itself, ITSELF, true);
            } else if (wanted.directory()) {
                throw new SyscallException("open", path, Errno.ENOTDIR);
            } else if (!stat.isRegular()) {
                throw new InvalidRequest(what, "'" + path + "' is a device, a pipe or a socket",
                        "name a file or a directory");
            }
            return new CopyTarget(parent, name, true);
        } catch (RuntimeException e) {
            parent.close();
            throw e;
        }
    }


    private static @Nullable FileStat stat(DirectoryHandle parent, byte[] name) {
        try {
            return parent.stat(name);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    boolean isDirectory() {
        return name.length == 0;
    }

    /**
     * What a source is called in {@link #directory}, as Docker's rules have it.
     *
     * @throws InvalidRequest where a directory would have to become a file
     */
    byte[] nameOf(String what, CopySource source) {
        if (isDirectory()) {
            return source.name();
        }
        if (source.isDirectory() && taken) {
            throw new InvalidRequest(what, "the one is a directory and the other is a file",
                    "copy it into a directory");
        }
        return name;
    }
}
