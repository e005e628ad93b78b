package dev.tinydocker.archive;

/**
 * How much an archive may be before it is refused: a few bytes of compressed zeros can fill any disk.
 *
 * @param bytes of the archive, decompressed
 * @param entries files, directories and all else
 * @param pathBytes the longest name of an entry and the longest target of a link
 * @param ratio of the bytes decompressed to those as they came, beyond what fills no disk
 */
public record Limits(long bytes, long entries, int pathBytes, long ratio) {

    /**
     * As config/application.yml comes: more than any layer there is, and less than a disk; the kernel takes no longer
     * path. What is worth keeping seldom compresses better than 20:1; zeros do 1,000:1.
     */
    public static final Limits DEFAULT = new Limits(64L << 30, 2_000_000, 4095, 200);

    /** For what its owner wants however much it is; names are no longer for that. */
    static final Limits ENDLESS = new Limits(Long.MAX_VALUE >> 1, Long.MAX_VALUE >> 1, DEFAULT.pathBytes(),
            Long.MAX_VALUE);

    public Limits {
        if (bytes <= 0 || entries <= 0 || pathBytes <= 0 || ratio <= 0) {
            throw new IllegalArgumentException("a limit of zero or less");
        }
    }
}
