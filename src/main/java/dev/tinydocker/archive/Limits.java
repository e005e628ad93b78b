package dev.tinydocker.archive;

/**
 * How much an archive may be before it is refused: a few bytes of compressed zeros can fill any disk.
 *
 * @param bytes of the archive, decompressed
 * @param entries files, directories and all else
 * @param pathBytes the longest name of an entry and the longest target of a link
 */
public record Limits(long bytes, long entries, int pathBytes) {

    /**
     * As config/application.yml comes: more than any layer there is, and less than a disk; the kernel takes no longer
     * path.
     */
    public static final Limits DEFAULT = new Limits(64L << 30, 2_000_000, 4095);

    public Limits {
        if (bytes <= 0 || entries <= 0 || pathBytes <= 0) {
            throw new IllegalArgumentException("a limit of zero or less");
        }
    }
}
