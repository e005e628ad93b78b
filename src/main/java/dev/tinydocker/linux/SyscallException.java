package dev.tinydocker.linux;

import com.sun.jna.Native;

import java.nio.charset.StandardCharsets;

/** A system call that failed: which one, with what, and its errno. */
public final class SyscallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    public SyscallException(String call, String arguments, int errno) {
        super(call + (arguments.isEmpty() ? "" : " " + arguments) + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /**
     * What a call has returned, unless it has failed. Nothing else may be called in between.
     *
     * @param object what it was to be done to
     * @throws SyscallException with the errno of this thread, where the result is below zero
     */
    static long check(long result, String call, String object) {
        if (result < 0) {
            throw new SyscallException(call, object, Native.getLastError());
        }
        return result;
    }

    /** The same for a call on a name, which becomes text only where it is to be told. */
    static void check(long result, String call, byte[] name) {
        if (result < 0) {
            int errno = Native.getLastError();
            throw new SyscallException(call, new String(name, StandardCharsets.UTF_8), errno);
        }
    }

    public int errno() {
        return errno;
    }
}
