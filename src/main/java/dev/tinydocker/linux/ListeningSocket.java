package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Memory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A Unix stream socket that listens, unix(7), made to be inherited by another program: whoever connects is queued by
 * the kernel before that program has even begun. Close it once the program has started.
 */
public final class ListeningSocket implements AutoCloseable {

    /** The most bytes a path may have, its terminator not counted; unix(7). */
    public static final int LONGEST_PATH = 107;

    /** struct sockaddr_un: u16 family, and a path. */
    private static final int SOCKADDR_UN = 110;
    private static final int BACKLOG = 16;

    private final int descriptor;

    private ListeningSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Binds to a path that must not exist yet. The descriptor is close-on-exec.
     *
     * @throws SyscallException as of socket(2), bind(2), listen(2); ENAMETOOLONG where the path is longer than a
     *            socket's may be
     */
    public static ListeningSocket bind(Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST_PATH) {
            throw new SyscallException("bind", path.toString(), Errno.ENAMETOOLONG);
        }
        int descriptor = Libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        check(descriptor, "socket", "AF_UNIX");
        ListeningSocket socket = new ListeningSocket(descriptor);
        try (Memory address = new Memory(SOCKADDR_UN)) {
            address.clear();
            address.setShort(0, (short) Libc.AF_UNIX);
            address.write(2, name, 0, name.length);
            check(Libc.bind(descriptor, address, (int) address.size()), "bind", path.toString());
            check(Libc.listen(descriptor, BACKLOG), "listen", path.toString());
            return socket;
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /** To be inherited: {@link Processes#spawn}. */
    public int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
