package dev.tinydocker.security;

/**
 * What SELinux calls a container's processes and its files, USER:ROLE:TYPE:LEVEL.
 *
 * @param process empty for that of whoever starts it
 * @param files empty for what they have
 * @param layers what its image's files have on disk, which every container may read and execute; empty for what they
 *            have
 */
public record Labels(String process, String files, String layers) {

    /** Of a container that SELinux does not part from others. */
    public static final Labels NONE = new Labels("", "", "");

    private static final int LEVEL = 3;

    public boolean isNone() {
        return process.isEmpty();
    }

    /** The same, with files that every container may use. */
    public Labels forAll() {
        return new Labels(process, shared(), layers);
    }

    /** What files have that every container may use: no category of one's own. */
    public String shared() {
        String[] parts = files.split(":");
        return parts.length <= LEVEL ? files : String.join(":", parts[0], parts[1], parts[2], parts[LEVEL]);
    }
}
