package dev.tinydocker.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The names that the kernel's headers give to bits; what has none is shown as a number. */
final class FlagNames {

    static final FlagNames MOUNT = new FlagNames("MS_RDONLY", MountFlags.MS_RDONLY, "MS_NOSUID", MountFlags.MS_NOSUID,
            "MS_NODEV", MountFlags.MS_NODEV, "MS_NOEXEC", MountFlags.MS_NOEXEC, "MS_REMOUNT", MountFlags.MS_REMOUNT,
            "MS_BIND", MountFlags.MS_BIND, "MS_REC", MountFlags.MS_REC, "MS_PRIVATE", MountFlags.MS_PRIVATE,
            "MS_SLAVE", MountFlags.MS_SLAVE, "MS_SHARED", MountFlags.MS_SHARED, "MS_RELATIME", 1 << 21,
            "MS_STRICTATIME", MountFlags.MS_STRICTATIME);

    static final FlagNames ATTRIBUTES = new FlagNames("MOUNT_ATTR_RDONLY", MountFlags.MOUNT_ATTR_RDONLY,
            "MOUNT_ATTR_NOSUID", MountFlags.MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NODEV", MountFlags.MOUNT_ATTR_NODEV,
            "MOUNT_ATTR_NOEXEC", MountFlags.MOUNT_ATTR_NOEXEC, "MOUNT_ATTR_IDMAP", MountFlags.MOUNT_ATTR_IDMAP);

    static final FlagNames CLONE = new FlagNames("CLONE_NEWNS", CloneFlags.CLONE_NEWNS, "CLONE_NEWPID",
            CloneFlags.CLONE_NEWPID, "CLONE_NEWNET", CloneFlags.CLONE_NEWNET, "CLONE_NEWUTS", CloneFlags.CLONE_NEWUTS,
            "CLONE_NEWIPC", CloneFlags.CLONE_NEWIPC, "CLONE_NEWCGROUP", CloneFlags.CLONE_NEWCGROUP, "CLONE_NEWUSER",
            CloneFlags.CLONE_NEWUSER);

    static final FlagNames SECCOMP = new FlagNames("SECCOMP_FILTER_FLAG_TSYNC", 1, "SECCOMP_FILTER_FLAG_LOG", 2,
            "SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4);

    static final FlagNames LANDLOCK = numbered("LANDLOCK_ACCESS_FS_", List.of("EXECUTE", "WRITE_FILE", "READ_FILE",
            "READ_DIR", "REMOVE_DIR", "REMOVE_FILE", "MAKE_CHAR", "MAKE_DIR", "MAKE_REG", "MAKE_SOCK", "MAKE_FIFO",
            "MAKE_BLOCK", "MAKE_SYM", "REFER", "TRUNCATE", "IOCTL_DEV"));

    static final FlagNames SCOPES = new FlagNames("LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET", 1, "LANDLOCK_SCOPE_SIGNAL", 2);

    private static final List<String> CAPABILITIES = List.of("CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER",
            "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
            "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE",
            "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
            "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
            "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE");

    private final Map<Long, String> names = new LinkedHashMap<>();

    private FlagNames(Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            names.put(((Number) pairs[i + 1]).longValue(), (String) pairs[i]);
        }
    }

    private static FlagNames numbered(String prefix, List<String> bits) {
        return new FlagNames(IntStream.range(0, bits.size()).boxed()
                .flatMap(bit -> Stream.of(prefix + bits.get(bit), 1L << bit)).toArray());
    }

    /** As in {@code MS_NOSUID|MS_NODEV}; 0 for none. */
    String of(long flags) {
        List<String> words = new ArrayList<>();
        long rest = flags;
        for (Map.Entry<Long, String> entry : names.entrySet()) {
            if ((flags & entry.getKey()) != 0) {
                words.add(entry.getValue());
                rest &= ~entry.getKey();
            }
        }
        if (rest != 0 || words.isEmpty()) {
            words.add(rest == 0 ? "0" : "0x" + Long.toHexString(rest));
        }
        return String.join("|", words);
    }

    /** The capabilities whose bits are set, by name, capabilities(7). */
    static List<String> capabilities(long mask) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < CAPABILITIES.size(); i++) {
            if ((mask >> i & 1) != 0) {
                found.add("CAP_" + CAPABILITIES.get(i));
            }
        }
        return found;
    }
}
