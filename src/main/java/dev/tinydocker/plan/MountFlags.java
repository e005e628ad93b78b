package dev.tinydocker.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The flags of mount(2), {@code linux/mount.h}, and the attributes of mount_setattr(2). */
public final class MountFlags {

    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 32;
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 16384;
    public static final long MS_PRIVATE = 1 << 18;
    public static final long MS_SLAVE = 1 << 19;
    public static final long MS_SHARED = 1 << 20;
    public static final long MS_STRICTATIME = 1 << 24;

    public static final long MOUNT_ATTR_RDONLY = 1;
    public static final long MOUNT_ATTR_NOSUID = 2;
    public static final long MOUNT_ATTR_NODEV = 4;
    public static final long MOUNT_ATTR_NOEXEC = 8;
    public static final long MOUNT_ATTR_IDMAP = 0x0010_0000;

    private static final Map<Long, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put(MS_RDONLY, "ro");
        WORDS.put(MS_NOSUID, "nosuid");
        WORDS.put(MS_NODEV, "nodev");
        WORDS.put(MS_NOEXEC, "noexec");
        WORDS.put(MS_REC, "recursive");
        WORDS.put(MS_PRIVATE, "private");
        WORDS.put(MS_SLAVE, "slave");
        WORDS.put(MS_SHARED, "shared");
    }

    private MountFlags() {
    }

    /** What a call of mount(2) does; without a type it changes a mount that is there. */
    static String deed(String type, String target, long flags) {
        return (type.isEmpty() ? "change the mount " : "mount " + type + " on ") + target + suffix(flags);
    }

    private static String suffix(long flags) {
        String words = WORDS.entrySet().stream().filter(entry -> (flags & entry.getKey()) != 0).map(Map.Entry::getValue)
                .collect(Collectors.joining(","));
        return words.isEmpty() ? "" : " (" + words + ")";
    }
}
