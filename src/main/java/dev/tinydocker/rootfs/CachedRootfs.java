package dev.tinydocker.rootfs;

/**
 * One line of the catalogue, and what of it is here.
 *
 * @param source where its archive comes from, for people
 * @param architecture as the kernel calls it
 * @param file its archive's name, empty where none is here
 * @param bytes of its archive, 0 where none is here
 * @param unpacked whether a container can start from it at once
 */
public record CachedRootfs(String name, String version, String architecture, String source, String file, long bytes,
        State archive, boolean unpacked) {

    /** What is known of an archive. */
    public enum State {
        /** It is not here. */
        ABSENT,
        /** Its SHA-256 is what the catalogue says, or what was recorded when it came. */
        VERIFIED,
        /** Its SHA-256 is another one. */
        WRONG,
        /** Nobody knows what its SHA-256 has to be: it was put there by hand. */
        UNKNOWN
    }
}
