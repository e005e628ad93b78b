package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.SyscallException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** How the archive's deletions, named {@code .wh.NAME}, are kept in a directory. */
public enum Whiteouts {

    /** As overlayfs has them: a character device 0, 0, and the attribute {@code trusted.overlay.opaque}. */
    OVERLAY,

    /** Not at all: such a name is a name like any other. */
    NONE;

    /** The directory hides what the lower directories have in its place. */
    static final String OPAQUE = "trusted.overlay.opaque";

    /** The directory was renamed: its content is under another name in the lower directories. */
    static final String REDIRECT = "trusted.overlay.redirect";

    /** Only owner and permissions were changed: the file's content is in a lower directory. */
    static final String METACOPY = "trusted.overlay.metacopy";

    /** Ours, and hidden by overlayfs: no entry of the archive is this directory's, only of what lies in it. */
    static final String IMPLIED = "trusted.overlay.implied";

    /** Ours, on a layer's top: it has implied directories. */
    static final String IMPLIES = "trusted.overlay.implies";

    static final byte[] YES = { 'y' };
    static final byte[] NO = { 'n' };

    private static final byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] META = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OPAQUE_NAME = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);

    static boolean isWhiteout(byte[] name) {
        return startsWith(name, PREFIX);
    }

    /** The first builders' own notes: hard links aside, nothing of the file system. */
    static boolean isMeta(byte[] name) {
        return startsWith(name, META);
    }

    static boolean isOpaque(byte[] name) {
        return Arrays.equals(name, OPAQUE_NAME);
    }

    /** Whether a directory hides what the lower directories have in its place. */
    static boolean isOpaque(DirectoryHandle directory) {
        return directory.attribute(OPAQUE).filter(value -> Arrays.equals(value, YES)).isPresent();
    }

    /** Whether a layer's top is one, so that nothing is seen of the layers below; false where it is gone. */
    public static boolean hidesAllBelow(Path layer) {
        try (DirectoryHandle top = DirectoryHandle.open(layer)) {
            return isOpaque(top);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** What a whiteout deletes. */
    static byte[] hidden(byte[] whiteout) {
        return Arrays.copyOfRange(whiteout, PREFIX.length, whiteout.length);
    }

    static byte[] whiteout(byte[] name) {
        byte[] whiteout = Arrays.copyOf(PREFIX, PREFIX.length + name.length);
        System.arraycopy(name, 0, whiteout, PREFIX.length, name.length);
        return whiteout;
    }

    static byte[] opaque() {
        return OPAQUE_NAME.clone();
    }

    private static boolean startsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }
}
