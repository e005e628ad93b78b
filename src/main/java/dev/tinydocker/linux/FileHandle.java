package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Native;

import java.util.OptionalLong;

/** An open regular file, opened in a {@link DirectoryHandle}. */
public final class FileHandle extends Descriptor {

    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    FileHandle(int number, Owners owners) {
        super(number, owners);
    }

    /** Writes the buffer's first bytes, all of them. pwrite(2). */
    public void write(FileBuffer from, int length, long offset) {
        for (int done = 0; done < length;) {
            long count = FileCalls.pwrite(number, from.memory(done), (long) length - done, offset + done);
            if (count < 0 && Native.getLastError() != Errno.EINTR) {
                throw new SyscallException("pwrite", length + " bytes", Native.getLastError());
            }
            done += (int) Math.max(count, 0);
        }
    }

    /**
     * Reads into the buffer's beginning. pread(2).
     *
     * @return the number of bytes, 0 at the end
     */
    public int read(FileBuffer into, int length, long offset) {
        long count;
        do {
            count = FileCalls.pread(number, into.memory(0), length, offset);
        } while (count < 0 && Native.getLastError() == Errno.EINTR);
        return (int) check(count, "pread", length + " bytes");
    }

    /** Makes it that long; what is added is a hole. ftruncate(2). */
    public void length(long bytes) {
        check(FileCalls.ftruncate(number, bytes), "ftruncate", String.valueOf(bytes));
    }

    /** Where the next data begin at or after an offset; empty where only a hole follows. lseek(2), SEEK_DATA. */
    public OptionalLong data(long offset) {
        long found = FileCalls.lseek(number, offset, SEEK_DATA);
        if (found < 0 && Native.getLastError() == Errno.ENXIO) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(check(found, "lseek", String.valueOf(offset)));
    }

    /** Where the next hole begins at or after an offset within the file; its end counts as one. lseek(2), SEEK_HOLE. */
    public long hole(long offset) {
        return check(FileCalls.lseek(number, offset, SEEK_HOLE), "lseek", String.valueOf(offset));
    }
}
