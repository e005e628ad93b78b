package dev.tinydocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.tinydocker.problem.HostLacks;

import java.util.List;
import java.util.OptionalInt;

/**
 * A filter of system calls in the making, seccomp(2): rules in, the kernel's instructions out. libseccomp does the
 * work; nothing is loaded here. Not for several threads.
 */
public final class SeccompFilter implements AutoCloseable {

    private static final String LIBRARY = "libseccomp.so.2";

    /** scmp_filter_attr: what becomes of calls of other architectures, and how the program is laid out. */
    private static final int ACT_BADARCH = 2;
    private static final int CTL_OPTIMIZE = 8;
    /** A tree that is searched by the call's number: a third of the instructions of a list are looked at. */
    private static final int BINARY_TREE = 2;
    private static final int NO_SUCH_CALL = -1;
    /** SCMP_ARCH_NATIVE: whichever this machine has. */
    private static final int NATIVE = 0;
    private static final int BYTES = 1 << 16;
    /** struct scmp_arg_cmp: u32 argument, u32 operation, u64 value, u64 second. */
    private static final long COMPARISON = 24;

    private final Pointer context;

    private SeccompFilter(Pointer context) {
        this.context = context;
    }

    /** A comparison of a call's argument; {@code operation} is scmp_compare, seccomp_rule_add(3). */
    public record Comparison(int argument, int operation, long value, long second) {
    }

    /**
     * A filter for one architecture, which need not be this machine's.
     *
     * @param token the architecture as the kernel writes it, AUDIT_ARCH_… of {@code linux/audit.h}
     * @param otherwise what becomes of calls that no rule allows: an action as the kernel writes it, with its errno
     * @param foreign what becomes of calls of architectures that were not added
     * @throws HostLacks where the library is not installed
     */
    public static SeccompFilter open(int token, int otherwise, int foreign) {
        if (!isThere()) {
            throw new HostLacks("filter system calls", "there is no " + LIBRARY,
                    "install the package libseccomp2, or give --security-opt seccomp=unconfined");
        }
        SeccompFilter filter = new SeccompFilter(Calls.seccomp_init(otherwise));
        filter.check("seccomp_attr_set", Calls.seccomp_attr_set(filter.context, ACT_BADARCH, foreign));
        int own = Calls.seccomp_arch_native();
        if (own != token) {
            filter.add(token);
            filter.check("seccomp_arch_remove", Calls.seccomp_arch_remove(filter.context, own));
        }
        // Older ones than 2.5 know no tree.
        Calls.seccomp_attr_set(filter.context, CTL_OPTIMIZE, BINARY_TREE);
        return filter;
    }

    /** Whether the library is installed. */
    public static boolean isThere() {
        try {
            return Calls.LOADED;
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            // The first attempt ends with the one, every later one with the other.
            return false;
        }
    }

    /** Its version as in 2.5.4; what it makes of a rule may change with it. */
    public static String version() {
        Pointer version = Calls.seccomp_version();
        return version.getInt(0) + "." + version.getInt(4) + "." + version.getInt(8);
    }

    /** The number that a call of this name has here; below zero where this machine's architecture has none. */
    public static OptionalInt number(String name) {
        return number(NATIVE, name);
    }

    /** The same for programs of another architecture. @param token as for {@link #open} */
    public static OptionalInt number(int token, String name) {
        int number = Calls.seccomp_syscall_resolve_name_arch(token, name);
        return number == NO_SUCH_CALL ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Lets programs of another architecture be filtered too. @param token as for {@link #open} */
    public void add(int token) {
        int result = Calls.seccomp_arch_add(context, token);
        if (result != -Errno.EEXIST) {
            check("seccomp_arch_add", result);
        }
    }

    /**
     * A rule for all architectures; where all comparisons hold, the action is taken. The same twice is once.
     *
     * @param number as {@link #number} tells; each architecture is given its own
     */
    public void rule(int action, int number, List<Comparison> comparisons) {
        try (Memory arguments = new Memory(Math.max(1, comparisons.size()) * COMPARISON)) {
            for (int i = 0; i < comparisons.size(); i++) {
                Comparison comparison = comparisons.get(i);
                arguments.setInt(i * COMPARISON, comparison.argument());
                arguments.setInt(i * COMPARISON + 4, comparison.operation());
                arguments.setLong(i * COMPARISON + 8, comparison.value());
                arguments.setLong(i * COMPARISON + 16, comparison.second());
            }
            int result = Calls.seccomp_rule_add_array(context, action, number, comparisons.size(), arguments);
            if (result != -Errno.EEXIST) {
                check("seccomp_rule_add", result);
            }
        }
    }

    /** The program, 8 bytes an instruction: struct sock_filter in this machine's byte order. */
    public byte[] instructions() {
        int file = Libc.memfd_create("seccomp", Libc.MFD_CLOEXEC);
        SyscallException.check(file, "memfd_create", "seccomp");
        try (Memory bytes = new Memory(BYTES)) {
            check("seccomp_export_bpf", Calls.seccomp_export_bpf(context, file));
            long count = Libc.pread(file, bytes, BYTES, 0);
            if (count <= 0) {
                throw new SyscallException("pread", "seccomp", Native.getLastError());
            }
            return bytes.getByteArray(0, (int) count);
        } finally {
            Libc.close(file);
        }
    }

    @Override
    public void close() {
        Calls.seccomp_release(context);
    }

    private void check(String call, int result) {
        if (result < 0) {
            throw new SyscallException(call, "", -result);
        }
    }

    /** libseccomp's functions as they are: seccomp_init(3) and those it names. */
    private static final class Calls {

        static final boolean LOADED;

        static {
            Native.register(LIBRARY);
            LOADED = true;
        }

        static native Pointer seccomp_version();

        static native Pointer seccomp_init(int action);

        static native void seccomp_release(Pointer context);

        static native int seccomp_attr_set(Pointer context, int attribute, int value);

        static native int seccomp_arch_native();

        static native int seccomp_arch_add(Pointer context, int token);

        static native int seccomp_arch_remove(Pointer context, int token);

        static native int seccomp_syscall_resolve_name_arch(int token, String name);

        static native int seccomp_rule_add_array(Pointer context, int action, int number, int count, Memory arguments);

        static native int seccomp_export_bpf(Pointer context, int file);
    }
}
