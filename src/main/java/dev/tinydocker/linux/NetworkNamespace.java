package dev.tinydocker.linux;

import java.nio.charset.StandardCharsets;

/** The network namespace of a process, held open: this very one, whatever becomes of the process. namespaces(7). */
public final class NetworkNamespace implements AutoCloseable {

    private final int descriptor;

    private NetworkNamespace(int descriptor) {
        this.descriptor = descriptor;
    }

    /** @throws SyscallException ENOENT if the process is gone */
    public static NetworkNamespace of(int pid) {
        String path = "/proc/" + pid + "/ns/net";
        byte[] name = Descriptor.terminated(path.getBytes(StandardCharsets.US_ASCII));
        int descriptor = FileCalls.openat(FileCalls.AT_FDCWD, name, FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        return new NetworkNamespace((int) SyscallException.check(descriptor, "open", path));
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        FileCalls.close(descriptor);
    }
}
