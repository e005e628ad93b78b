package dev.tinydocker.linux;

import com.sun.jna.Memory;

import java.time.Instant;

/**
 * What the kernel knows of a file. statx(2).
 *
 * @param mode kind and permissions, as in inode(7)
 * @param links how many names it has
 * @param blocks what it takes on the disk, in units of 512 bytes
 * @param major of the device the file is, not of the one it lies on; so is {@code minor}
 * @param device the file system it lies on: with {@code inode} it tells two names of one file
 */
public record FileStat(int mode, int user, int group, int links, long size, long blocks, Instant modified, int major,
        int minor, long device, long inode) {

    private static final int S_IFMT = 0170000;

    static FileStat read(Memory statx) {
        long device = (long) statx.getInt(136) << 32 | statx.getInt(140) & 0xffffffffL;
        return new FileStat(statx.getShort(28) & 0xffff, statx.getInt(20), statx.getInt(24), statx.getInt(16),
                statx.getLong(40), statx.getLong(48), Instant.ofEpochSecond(statx.getLong(112), statx.getInt(120)),
                statx.getInt(128), statx.getInt(132), device, statx.getLong(32));
    }

    FileStat of(int newUser, int newGroup) {
        return new FileStat(mode, newUser, newGroup, links, size, blocks, modified, major, minor, device, inode);
    }

    public int permissions() {
        return mode & 07777;
    }

    public boolean isDirectory() {
        return (mode & S_IFMT) == 0040000;
    }

    public boolean isRegular() {
        return (mode & S_IFMT) == 0100000;
    }

    public boolean isSymbolicLink() {
        return (mode & S_IFMT) == 0120000;
    }

    public boolean isCharacterDevice() {
        return (mode & S_IFMT) == 0020000;
    }

    public boolean isBlockDevice() {
        return (mode & S_IFMT) == 0060000;
    }

    public boolean isPipe() {
        return (mode & S_IFMT) == 0010000;
    }

    /** How overlayfs keeps that a name of a lower directory was deleted: character device 0, 0. */
    public boolean isWhiteout() {
        return isCharacterDevice() && major == 0 && minor == 0;
    }

    public boolean isSameFile(FileStat other) {
        return device == other.device && inode == other.inode;
    }
}
