package dev.tinydocker.plan;

/** What is in the number of a device, as makedev(3) composes it, and in the mode of its node, inode(7). */
public final class DeviceNumber {

    private static final int S_IFMT = 0170000;
    private static final int S_IFBLK = 0060000;

    private DeviceNumber() {
    }

    /** Its driver's number. */
    public static long major(long device) {
        return device >> 8 & 0xfff | device >> 32 & ~0xfffL;
    }

    /** The driver's number for it. */
    public static long minor(long device) {
        return device & 0xff | device >> 12 & ~0xffL;
    }

    /** {@code b} for one of blocks, {@code c} for one of characters, as mknod(1) and cgroups take it. */
    public static char kind(int mode) {
        return (mode & S_IFMT) == S_IFBLK ? 'b' : 'c';
    }
}
