package dev.tinydocker.linux;

import static dev.tinydocker.linux.SyscallException.check;

import com.sun.jna.Memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process may do itself, which bounds what it can give. */
public final class Privileges {

    private static final int CAP_SYS_RESOURCE = 24;
    private static final Pattern CAP_EFF = Pattern.compile("^CapEff:\\s*([0-9a-f]+)$", Pattern.MULTILINE);

    private Privileges() {
    }

    /** The effective capabilities of this process, a bit for each; capabilities(7). */
    public static long effectiveCapabilities() {
        try {
            return effectiveCapabilities(Files.readString(Path.of("/proc/self/status")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of a process whose /proc/PID/status is given. */
    static long effectiveCapabilities(String status) {
        Matcher line = CAP_EFF.matcher(status);
        return line.find() ? Long.parseUnsignedLong(line.group(1), 16) : 0;
    }

    /** The highest limit of open files that the kernel gives anybody: fs.nr_open, proc(5). */
    public static long mostFiles() {
        return Long.parseUnsignedLong(Sysctl.get("fs.nr_open"));
    }

    /** Whether this process may raise hard limits. */
    public static boolean canRaiseHardLimits() {
        return (effectiveCapabilities() >> CAP_SYS_RESOURCE & 1) != 0;
    }

    /** The lowest oom_score_adj that this process can give without CAP_SYS_RESOURCE: at most its own, proc(5). */
    public static int lowestOomScore() {
        try {
            return Integer.parseInt(Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Up to where this process could raise a resource limit without CAP_SYS_RESOURCE: its own hard limit, getrlimit(2).
     *
     * @param resource RLIMIT_... by number
     * @return unsigned; all bits set stand for unlimited
     */
    public static long hardLimit(int resource) {
        try (Memory limits = new Memory(16)) {
            check(Libc.getrlimit(resource, limits), "getrlimit", Integer.toString(resource));
            return limits.getLong(8);
        }
    }
}
