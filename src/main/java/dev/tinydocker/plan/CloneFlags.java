package dev.tinydocker.plan;

/** The namespaces of clone(2), {@code linux/sched.h}. */
public final class CloneFlags {

    public static final long CLONE_NEWNS = 0x0002_0000L;
    public static final long CLONE_NEWCGROUP = 0x0200_0000L;
    public static final long CLONE_NEWUTS = 0x0400_0000L;
    public static final long CLONE_NEWIPC = 0x0800_0000L;
    public static final long CLONE_NEWUSER = 0x1000_0000L;
    public static final long CLONE_NEWPID = 0x2000_0000L;
    public static final long CLONE_NEWNET = 0x4000_0000L;

    private CloneFlags() {
    }
}
