package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * An open directory and what can be done in it. Every name is one entry of this very directory, and no link is ever
 * followed: whatever lies in there, nothing outside is reached. Names are bytes, since the kernel's are.
 */
public final class DirectoryHandle extends Descriptor {

    private static final int OPEN = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW
            | FileCalls.O_CLOEXEC;
    private static final int S_IFIFO = 0010000;
    private static final int RESOLVE_NO_XDEV = 1;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_NO_SYMLINKS = 4;
    private static final int RESOLVE_BENEATH = 8;
    private static final int RESOLVE_IN_ROOT = 16;
    private static final int RACES = 32;
    private static final int ENTRIES_BYTES = 1 << 14;
    private static final int LONGEST_TARGET = 4096;

    private DirectoryHandle(int number, Owners owners) {
        super(number, owners);
    }

    /** Opens a directory by its path; only its last name must be no link. */
    public static DirectoryHandle open(Path path) {
        return open(path, Owners.SAME);
    }

    /** The same, where users are others: all that is told and done in there is as that user namespace has it. */
    public static DirectoryHandle open(Path path, Owners owners) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        return new DirectoryHandle(opened(FileCalls.AT_FDCWD, terminated(name), OPEN, 0), owners);
    }

    /** Opens a directory of this one. openat(2): ENOTDIR or ELOOP where it is something else. */
    public DirectoryHandle directory(byte[] name) {
        return new DirectoryHandle(opened(number, one(name), OPEN, 0), owners);
    }

    /** As {@link #directory}, but EXDEV where something is mounted on it. openat2(2), Linux 5.6. */
    public DirectoryHandle directoryOfThisMount(byte[] name) {
        return openat2(one(name), RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    }

    /**
     * Opens a directory some levels down; the path is relative, and may be {@code .}. openat2(2), Linux 5.6.
     *
     * @throws SyscallException ELOOP where the way leads through a link, ENOTDIR where it ends at one, EXDEV where it
     *             leads out
     */
    public DirectoryHandle beneath(byte[] path) {
        return openat2(terminated(path), RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    }

    /** Opens a directory by a path in which this one is the root, for links and {@code ..} alike. openat2(2). */
    public DirectoryHandle directoryInRoot(byte[] path) {
        return new DirectoryHandle(inRoot(path, OPEN & ~FileCalls.O_NOFOLLOW), owners);
    }

    /** Opens a file for reading as {@link #directoryInRoot} opens a directory; a pipe or device does not block. */
    public FileHandle fileInRoot(byte[] path) {
        return new FileHandle(inRoot(path, FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC),
                owners);
    }

    /**
     * Where a path leads in which this one is the root, as its mount namespace names that: all links followed.
     *
     * @throws SyscallException ENOENT where it leads nowhere
     */
    public String placeInRoot(byte[] path) throws IOException {
        try (FileHandle there = new FileHandle(inRoot(path, FileCalls.O_PATH | FileCalls.O_CLOEXEC), owners)) {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + there.number)).toString();
        }
    }

    private int inRoot(byte[] path, int flags) {
        for (int i = 1;; i++) {
            try {
                return openat2(terminated(path), flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            } catch (SyscallException e) {
                // EAGAIN: something was renamed anywhere on the host while a ".." was looked up.
                if (e.errno() != Errno.EAGAIN || i == RACES) {
                    throw e;
                }
            }
        }
    }

    private DirectoryHandle openat2(byte[] path, int resolve) {
        return new DirectoryHandle(openat2(path, OPEN, resolve), owners);
    }

    private int openat2(byte[] path, int flags, int resolve) {
        // struct open_how: flags, mode, resolve.
        Memory how = scratch();
        how.setLong(0, flags);
        how.setLong(8, 0);
        how.setLong(16, resolve);
        return (int) check(FileCalls.syscall(FileCalls.SYS_OPENAT2, number, path, how, 24L), "openat2",
                said(path).trim());
    }

    /** Creates a file that must not exist yet, for writing. openat(2), O_EXCL. */
    public FileHandle create(byte[] name, int mode) {
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW
                | FileCalls.O_CLOEXEC;
        return owners.making(() -> new FileHandle(opened(number, one(name), flags, mode), owners));
    }

    /** Opens a file for reading; a pipe or device does not block. */
    public FileHandle file(byte[] name) {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC;
        return new FileHandle(opened(number, one(name), flags, 0), owners);
    }

    /** mkdirat(2). */
    public void makeDirectory(byte[] name, int mode) {
        made(() -> FileCalls.mkdirat(number, one(name), mode), "mkdirat", name);
    }

    /**
     * A device or a pipe. mknodat(2).
     *
     * @param mode kind and permissions, less the process's umask
     */
    public void makeNode(byte[] name, int mode, int major, int minor) {
        long device = (mode & 0170000) == S_IFIFO ? 0 : minor & 0xffL | (long) major << 8 | (minor & ~0xffL) << 12;
        made(() -> (int) FileCalls.syscall(FileCalls.SYS_MKNODAT, number, one(name), (long) mode, device), "mknodat",
                name);
    }

    /** symlinkat(2); the target is not looked at. */
    public void makeSymbolicLink(byte[] name, byte[] target) {
        made(() -> FileCalls.symlinkat(terminated(target), number, one(name)), "symlinkat", name);
    }

    /** Another name for a file in {@code other}; of a symbolic link, for the link itself. linkat(2). */
    public void makeLink(byte[] name, DirectoryHandle other, byte[] existing) {
        check(FileCalls.linkat(other.number, one(existing), number, one(name), 0), "linkat", name);
    }

    /** Removes whatever is no directory. unlinkat(2): EISDIR for a directory. */
    public void unlink(byte[] name) {
        check(FileCalls.unlinkat(number, one(name), 0), "unlinkat", name);
    }

    /** Removes an empty directory. unlinkat(2), AT_REMOVEDIR. */
    public void removeDirectory(byte[] name) {
        check(FileCalls.unlinkat(number, one(name), FileCalls.AT_REMOVEDIR), "unlinkat", name);
    }

    /** Removes a file, or a directory with all it holds. */
    public void removeAll(byte[] name) {
        if (!stat(name).isDirectory()) {
            unlink(name);
            return;
        }
        try (DirectoryHandle inner = directory(name)) {
            for (List<byte[]> some = inner.someNames(); !some.isEmpty(); some = inner.someNames()) {
                some.forEach(inner::removeAll);
            }
        }
        removeDirectory(name);
    }

    /** Kind, owner, size, times of an entry; of a link itself. statx(2): ENOENT where there is none. */
    public FileStat stat(byte[] name) {
        return owners.inside(stat(number, one(name), FileCalls.AT_SYMLINK_NOFOLLOW, said(name)));
    }

    /** The owner of an entry; of a link itself. fchownat(2). */
    public void owner(byte[] name, int user, int group) {
        check(FileCalls.fchownat(number, one(name), owners.outside(user), owners.outside(group),
                FileCalls.AT_SYMLINK_NOFOLLOW), "fchownat", name);
    }

    /** The permissions of a device or pipe. fchmodat(2), which would follow a link: only for what was just made. */
    public void nodeMode(byte[] name, int mode) {
        check(FileCalls.fchmodat(number, one(name), mode, 0), "fchmodat", name);
    }

    /** When an entry was last modified and last read; of a link itself. utimensat(2). */
    public void modified(byte[] name, Instant time) {
        check(FileCalls.utimensat(number, one(name), times(time), FileCalls.AT_SYMLINK_NOFOLLOW), "utimensat", name);
    }

    /** Where a symbolic link leads. readlinkat(2). */
    public byte[] target(byte[] name) {
        try (Memory buffer = new Memory(LONGEST_TARGET)) {
            long length = check(FileCalls.readlinkat(number, one(name), buffer, buffer.size()), "readlinkat",
                    said(name));
            return buffer.getByteArray(0, (int) length);
        }
    }

    /** The names in it without {@code .} and {@code ..}, in the file system's order. Once per handle. */
    public List<byte[]> names() {
        List<byte[]> names = new ArrayList<>();
        for (List<byte[]> some = someNames(); !some.isEmpty(); some = someNames()) {
            names.addAll(some);
        }
        return names;
    }

    /** The next few of them, none at the end: all of a large directory may be more than the memory. getdents64(2). */
    public List<byte[]> someNames() {
        List<byte[]> names = new ArrayList<>();
        try (Memory entries = new Memory(ENTRIES_BYTES)) {
            long length;
            while (names.isEmpty() && (length = check(FileCalls.syscall(FileCalls.SYS_GETDENTS64, number, entries,
                    entries.size()), "getdents64", "")) > 0) {
                // struct linux_dirent64: inode and offset (8 bytes each), length (2), kind (1), name.
                for (long at = 0; at < length; at += entries.getShort(at + 16) & 0xffff) {
                    String raw = entries.getString(at + 19, "ISO-8859-1");
                    if (!raw.equals(".") && !raw.equals("..")) {
                        names.add(raw.getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        return names;
    }

    private void made(IntSupplier call, String said, byte[] name) {
        owners.making(() -> {
            check(call.getAsInt(), said, name);
            return name;
        });
    }

    private static int opened(int directory, byte[] name, int flags, int mode) {
        int descriptor = FileCalls.openat(directory, name, flags, mode);
        if (descriptor < 0) {
            int errno = Native.getLastError();
            throw new SyscallException("openat", said(name).trim(), errno);
        }
        return descriptor;
    }

    /** A name of this directory, and not a way through it. */
    private static byte[] one(byte[] name) {
        for (byte b : name) {
            if (b == '/') {
                throw new IllegalArgumentException("a path where a name is due: " + said(name));
            }
        }
        if (name.length == 2 && name[0] == '.' && name[1] == '.') {
            throw new IllegalArgumentException("the directory above");
        }
        return terminated(name);
    }
}
