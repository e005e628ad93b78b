package dev.tinydocker.archive;

/**
 * What came out of an archive.
 *
 * @param bytes of the files' content, holes not counted
 * @param entries as the archive counts them, the deletions among them
 */
public record Unpacked(long bytes, long entries) {
}
