package dev.tinydocker.archive;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A path as a user of {@code cp} writes it: what its end says counts.
 *
 * @param clean absolute, without {@code .} and {@code ..}
 * @param directory it ends with a slash or {@code /.}: it must be a directory
 * @param content it ends with {@code /.}: what is in the directory is meant, without the directory
 */
record CopyPath(String clean, boolean directory, boolean content) {

    /** @param path relative ones begin at the top */
    static CopyPath of(String path) {
        boolean content = path.equals(".") || path.endsWith("/.");
        return new CopyPath(Path.of("/").resolve(path).normalize().toString(), content || path.endsWith("/"), content);
    }

    boolean isRoot() {
        return clean.equals("/");
    }

    /** Everything before the last name. */
    static byte[] above(String path) {
        return bytes(path.substring(0, Math.max(path.lastIndexOf('/'), 1)));
    }

    static byte[] last(String path) {
        return bytes(path.substring(path.lastIndexOf('/') + 1));
    }

    static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }
}
