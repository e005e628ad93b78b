package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A copy of a program in memory that nobody can change any more, whatever their rights: memfd_create(2), F_ADD_SEALS of
 * fcntl(2). A process that runs it may be looked at from inside a container, where {@code /proc/self/exe} leads to it.
 */
public final class SealedProgram implements AutoCloseable {

    private static final int MFD_ALLOW_SEALING = 2;
    /** Linux 6.3; unknown before, and needed after where vm.memfd_noexec is 1. */
    private static final int MFD_EXEC = 0x10;
    private static final int F_ADD_SEALS = 1033;
    /** No more seals, no other length, no other content. */
    private static final int ALL_SEALS = 1 | 2 | 4 | 8;

    private final int descriptor;

    private SealedProgram(int descriptor) {
        this.descriptor = descriptor;
    }

    /** @throws SyscallException where this kernel makes no such files, or none that can be executed */
    public static SealedProgram of(Path program) throws IOException {
        byte[] bytes = Files.readAllBytes(program);
        String name = program.getFileName().toString();
        int descriptor = Libc.memfd_create(name, Libc.MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
        if (descriptor < 0 && Native.getLastError() == Errno.EINVAL) {
            descriptor = Libc.memfd_create(name, Libc.MFD_CLOEXEC | MFD_ALLOW_SEALING);
        }
        check(descriptor, "memfd_create", name);
        SealedProgram made = new SealedProgram(descriptor);
        try (Memory memory = new Memory(bytes.length)) {
            memory.write(0, bytes, 0, bytes.length);
            for (long done = 0; done < bytes.length;) {
                done += check(Libc.write(descriptor, memory.share(done), bytes.length - done), "write", name);
            }
            check(Libc.fcntl(descriptor, F_ADD_SEALS, ALL_SEALS), "fcntl", name);
            return made;
        } catch (SyscallException e) {
            made.close();
            throw e;
        }
    }

    /** What this process executes, and one that it starts, which need not have it open. */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor);
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
