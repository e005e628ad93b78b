package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An open file or directory and what can be done to it without its name, which may meanwhile be somebody else's.
 * Close-on-exec; whoever opened it closes it. One thread at a time, and a platform thread: the calls block.
 */
public abstract sealed class Descriptor implements AutoCloseable permits DirectoryHandle, FileHandle {

    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final String CAPABILITY = "security.capability";
    private static final byte[] ITSELF = { 0 };
    private static final int USUAL_ATTRIBUTE_BYTES = 256;
    private static final int MOST_ATTRIBUTE_BYTES = 1 << 16;

    /** Memory for what a call takes or gives by address; each thread has its own. */
    private static final ThreadLocal<Memory> SCRATCH = ThreadLocal.withInitial(() -> new Memory(256));

    final int number;
    final Owners owners;

    Descriptor(int number, Owners owners) {
        this.number = number;
        this.owners = owners;
    }

    /** Owner and group, as 32-bit numbers without a sign. fchown(2): takes set-uid, set-gid and capabilities away. */
    public void owner(int user, int group) {
        check(FileCalls.fchown(number, owners.outside(user), owners.outside(group)), "fchown", "");
    }

    /** The twelve permission bits. fchmod(2). */
    public void mode(int mode) {
        check(FileCalls.fchmod(number, mode), "fchmod", "");
    }

    /** When it was last modified and last read: both the same. futimens(3). */
    public void modified(Instant time) {
        check(FileCalls.futimens(number, times(time)), "futimens", "");
    }

    /** Kind, owner, size, times. statx(2), Linux 4.11. */
    public FileStat stat() {
        return owners.inside(stat(number, ITSELF, FileCalls.AT_EMPTY_PATH, ""));
    }

    /**
     * Sets an extended attribute. fsetxattr(2).
     *
     * @throws SyscallException EOPNOTSUPP where the file system keeps none of that kind, EINVAL for a value of
     *             {@code security.capability} that is none
     */
    public void attribute(String name, byte[] value) {
        byte[] terminated = terminated(name.getBytes(StandardCharsets.UTF_8));
        byte[] written = name.equals(CAPABILITY) ? owners.capabilityOutside(value) : value;
        check(FileCalls.fsetxattr(number, terminated, written, written.length, 0), "fsetxattr", name);
    }

    /** An extended attribute's value; empty where there is none. fgetxattr(2). */
    public Optional<byte[]> attribute(String name) {
        byte[] value = new byte[USUAL_ATTRIBUTE_BYTES];
        byte[] terminated = terminated(name.getBytes(StandardCharsets.UTF_8));
        long length = FileCalls.fgetxattr(number, terminated, value, value.length);
        if (length < 0 && Native.getLastError() == Errno.ERANGE) {
            value = new byte[MOST_ATTRIBUTE_BYTES];
            length = FileCalls.fgetxattr(number, terminated, value, value.length);
        }
        if (length < 0) {
            int errno = Native.getLastError();
            if (errno == Errno.ENODATA || errno == Errno.EOPNOTSUPP) {
                return Optional.empty();
            }
            throw new SyscallException("fgetxattr", name, errno);
        }
        byte[] read = Arrays.copyOf(value, (int) length);
        return Optional.of(name.equals(CAPABILITY) ? owners.capabilityInside(read) : read);
    }

    /** The names of the extended attributes, as the kernel lists them. flistxattr(2). */
    public List<String> attributes() {
        byte[] none = {};
        long length = FileCalls.flistxattr(number, none, 0);
        if (length == 0 || length < 0 && Native.getLastError() == Errno.EOPNOTSUPP) {
            return List.of();
        }
        byte[] names = new byte[MOST_ATTRIBUTE_BYTES];
        length = check(FileCalls.flistxattr(number, names, names.length), "flistxattr", "");
        List<String> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (names[i] == 0) {
                found.add(new String(names, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        return found;
    }

    /** Writes all that the file system has not written yet, of this and of every other file on it. syncfs(2). */
    public void syncFileSystem() {
        check(FileCalls.syncfs(number), "syncfs", "");
    }

    @Override
    public void close() {
        FileCalls.close(number);
    }

    static FileStat stat(int directory, byte[] name, int flags, String said) {
        Memory result = SCRATCH.get();
        check(FileCalls.statx(directory, name, flags, STATX_BASIC_STATS, result), "statx", said);
        return FileStat.read(result);
    }

    /** Two timespecs of the same time. */
    static Pointer times(Instant time) {
        Memory times = SCRATCH.get();
        for (int offset = 0; offset <= 16; offset += 16) {
            times.setLong(offset, time.getEpochSecond());
            times.setLong(offset + 8L, time.getNano());
        }
        return times;
    }

    static Memory scratch() {
        return SCRATCH.get();
    }

    /** @throws SyscallException where a zero within would cut the name short: ENOENT, there is no such file */
    static byte[] terminated(byte[] name) {
        for (byte b : name) {
            if (b == 0) {
                throw new SyscallException("open", said(name), Errno.ENOENT);
            }
        }
        return Arrays.copyOf(name, name.length + 1);
    }

    static String said(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }
}
