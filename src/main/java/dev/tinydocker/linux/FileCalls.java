package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The C library's calls on files relative to a directory. Apart from {@link Libc}, so that a start does not look them
 * up. Names are bytes that end with a zero.
 */
final class FileCalls {

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    static final int O_DIRECTORY;
    static final int O_NOFOLLOW;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;

    /** What the C library has no function for, or not for long. */
    static final int SYS_OPENAT2 = 437;
    static final int SYS_MKNODAT;
    static final int SYS_GETDENTS64;

    static {
        // The two machines this program runs on differ in these; see asm/fcntl.h and asm/unistd.h.
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        O_DIRECTORY = arm ? 0x4000 : 0x10000;
        O_NOFOLLOW = arm ? 0x8000 : 0x20000;
        SYS_MKNODAT = arm ? 33 : 259;
        SYS_GETDENTS64 = arm ? 61 : 217;
        Native.register("c");
    }

    private FileCalls() {
    }

    static native int openat(int directory, byte[] name, int flags, int mode);

    static native int mkdirat(int directory, byte[] name, int mode);

    static native int symlinkat(byte[] target, int directory, byte[] name);

    static native int linkat(int from, byte[] name, int directory, byte[] newName, int flags);

    static native int unlinkat(int directory, byte[] name, int flags);

    static native long readlinkat(int directory, byte[] name, Pointer buffer, long length);

    static native int fchownat(int directory, byte[] name, int user, int group, int flags);

    static native int fchmodat(int directory, byte[] name, int mode, int flags);

    static native int utimensat(int directory, byte[] name, Pointer times, int flags);

    static native int statx(int directory, byte[] name, int flags, int mask, Memory result);

    static native int fchown(int descriptor, int user, int group);

    static native int fchmod(int descriptor, int mode);

    static native int futimens(int descriptor, Pointer times);

    static native int ftruncate(int descriptor, long length);

    static native int syncfs(int descriptor);

    static native long pwrite(int descriptor, Pointer bytes, long length, long offset);

    static native long pread(int descriptor, Pointer bytes, long length, long offset);

    static native long lseek(int descriptor, long offset, int whence);

    static native int fsetxattr(int descriptor, byte[] name, byte[] value, long length, int flags);

    static native long fgetxattr(int descriptor, byte[] name, byte[] value, long length);

    static native long flistxattr(int descriptor, byte[] names, long length);

    static native int setfsuid(int user);

    static native int setfsgid(int group);

    static native int capget(Memory header, Memory data);

    static native int capset(Memory header, Memory data);

    static native int close(int descriptor);

    /** syscall(2) for openat2. */
    static native long syscall(long number, long directory, byte[] name, Pointer how, long size);

    /** syscall(2) for mknodat. */
    static native long syscall(long number, long directory, byte[] name, long mode, long device);

    /** syscall(2) for getdents64. */
    static native long syscall(long number, long directory, Pointer entries, long length);
}
