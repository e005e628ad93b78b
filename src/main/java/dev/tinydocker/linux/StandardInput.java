package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Descriptor 0, for one who must look before reading: what is read is gone for the next reader. On macOS too, which
 * does not have all that {@link Libc} names, and whose poll(2) knows no terminals.
 */
public final class StandardInput {

    /** An fd_set, and a timeval of two longs; what macOS has in less than a long is at its beginning. */
    private static final int SET_BYTES = 128;
    private static final int TIME_BYTES = 16;
    private static final int MILLIS = 1000;

    static {
        Native.register("c");
    }

    private StandardInput() {
    }

    private static native int select(int descriptors, Memory readable, @Nullable Pointer writable,
            @Nullable Pointer exceptional, Memory patience);

    private static native long read(int descriptor, Memory bytes, long length);

    /**
     * Waits until something can be read, or the end has come. select(2). Blocks: platform threads only.
     *
     * @return false where nothing came in that time
     * @throws SyscallException for failures of the call
     */
    public static boolean await(int millis) {
        try (Memory readable = new Memory(SET_BYTES); Memory patience = new Memory(TIME_BYTES)) {
            readable.clear();
            readable.setByte(0, (byte) 1);
            patience.setLong(0, millis / MILLIS);
            patience.setLong(Long.BYTES, (long) (millis % MILLIS) * MILLIS);
            int ready = select(1, readable, null, null, patience);
            int errno = ready < 0 ? Native.getLastError() : 0;
            if (errno != 0 && errno != Errno.EINTR) {
                throw new SyscallException("select", "0", errno);
            }
            return ready > 0;
        }
    }

    /**
     * Reads what is there, as far as it fits. read(2). Blocks where nothing is there: platform threads only.
     *
     * @return the number of bytes, 0 at the end
     * @throws SyscallException for failures of the call; EIO where the terminal has hung up
     */
    public static int read(byte[] bytes, int length) {
        try (Memory memory = new Memory(length)) {
            long count;
            do {
                count = read(0, memory, length);
            } while (count < 0 && Native.getLastError() == Errno.EINTR);
            check(count, "read", "0");
            memory.read(0, bytes, 0, (int) count);
            return (int) count;
        }
    }
}
