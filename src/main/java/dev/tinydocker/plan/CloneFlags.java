package dev.tinydocker.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The namespaces of clone(2), {@code linux/sched.h}. */
public final class CloneFlags {

    public static final long CLONE_NEWNS = 0x0002_0000L;
    public static final long CLONE_NEWCGROUP = 0x0200_0000L;
    public static final long CLONE_NEWUTS = 0x0400_0000L;
    public static final long CLONE_NEWIPC = 0x0800_0000L;
    public static final long CLONE_NEWUSER = 0x1000_0000L;
    public static final long CLONE_NEWPID = 0x2000_0000L;
    public static final long CLONE_NEWNET = 0x4000_0000L;

    private static final Map<Long, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(CLONE_NEWNS, "CLONE_NEWNS");
        NAMES.put(CLONE_NEWPID, "CLONE_NEWPID");
        NAMES.put(CLONE_NEWNET, "CLONE_NEWNET");
        NAMES.put(CLONE_NEWUTS, "CLONE_NEWUTS");
        NAMES.put(CLONE_NEWIPC, "CLONE_NEWIPC");
        NAMES.put(CLONE_NEWCGROUP, "CLONE_NEWCGROUP");
        NAMES.put(CLONE_NEWUSER, "CLONE_NEWUSER");
    }

    private CloneFlags() {
    }

    static String names(long flags) {
        return NAMES.entrySet().stream().filter(entry -> (flags & entry.getKey()) != 0).map(Map.Entry::getValue)
                .collect(Collectors.joining("|"));
    }
}
