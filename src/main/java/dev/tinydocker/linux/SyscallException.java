package dev.tinydocker.linux;

/** A system call that failed: which one, with what, and its errno. */
public final class SyscallException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int errno;

    public SyscallException(String call, String arguments, int errno) {
        super(call + " " + arguments + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
