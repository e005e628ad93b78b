package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/** Descriptor 0, for one who must look before reading: what is read is gone for the next reader. */
public final class StandardInput {

    private static final int EINTR = 4;
    private static final short POLLIN = 1;
    private static final int ENTRY_BYTES = 8;

    private StandardInput() {
    }

    /**
     * Waits until something can be read, or the end has come. poll(2). Blocks: platform threads only.
     *
     * @return false where nothing came in that time
     * @throws SyscallException for failures of the call
     */
    public static boolean await(int millis) {
        try (Memory entry = new Memory(ENTRY_BYTES)) {
            entry.clear();
            entry.setShort(4, POLLIN);
            int ready = Libc.poll(entry, 1, millis);
            int errno = ready < 0 ? Native.getLastError() : 0;
            if (errno != 0 && errno != EINTR) {
                throw new SyscallException("poll", "0", errno);
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
                count = Libc.read(0, memory, length);
            } while (count < 0 && Native.getLastError() == EINTR);
            if (count < 0) {
                throw new SyscallException("read", "0", Native.getLastError());
            }
            memory.read(0, bytes, 0, (int) count);
            return (int) count;
        }
    }
}
