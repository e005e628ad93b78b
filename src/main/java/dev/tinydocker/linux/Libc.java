package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import org.jspecify.annotations.Nullable;

/** The C library's functions as they are, mapped directly. Whoever calls one looks at its result before errno. */
final class Libc {

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int MFD_CLOEXEC = 1;

    static {
        Native.register("c");
    }

    private Libc() {
    }

    static native int socket(int domain, int type, int protocol);

    static native int bind(int socket, Memory address, int length);

    static native int listen(int socket, int backlog);

    static native int setsockopt(int socket, int level, int option, Memory value, int length);

    static native int getsockopt(int socket, int level, int option, Memory value, Memory length);

    static native long send(int socket, byte[] bytes, long length, int flags);

    static native long send(int socket, Pointer bytes, long length, int flags);

    static native long sendto(int socket, byte[] bytes, long length, int flags, byte[] address, int addressLength);

    static native long recv(int socket, Memory bytes, long length, int flags);

    static native long recvfrom(int socket, Memory bytes, long length, int flags, Memory address,
            Memory addressLength);

    static native int connect(int socket, Memory address, int length);

    static native int accept4(int socket, @Nullable Pointer address, @Nullable Pointer length, int flags);

    static native int getsockname(int socket, Memory address, Memory length);

    static native int shutdown(int socket, int how);

    static native int close(int descriptor);

    static native int poll(Memory entries, long count, int timeoutMillis);

    static native int getpagesize();

    static native int memfd_create(String name, int flags);

    static native long pread(int descriptor, Memory bytes, long length, long offset);

    static native long write(int descriptor, Pointer bytes, long length);

    static native int fcntl(int descriptor, int command, int argument);

    static native int kill(int pid, int signal);

    static native int waitpid(int pid, Memory status, int options);

    static native int geteuid();

    static native int getrlimit(int resource, Memory limits);

    static native int posix_spawn(Memory pid, String path, Pointer fileActions, Pointer attributes, StringArray argv,
            StringArray environment);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_addopen(Pointer actions, int descriptor, String path, int flags,
            int mode);
}
