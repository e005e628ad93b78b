package dev.tinydocker.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A name of an entry as the names on its way. A slash at its beginning means the top of the archive, as for tar(1);
 * none of the names is {@code ..}.
 */
record EntryName(List<byte[]> parts) {

    static EntryName parse(byte[] name, Limits limits) {
        if (name.length > limits.pathBytes()) {
            throw new DamagedArchive("the name has " + name.length + " bytes, more than " + limits.pathBytes()
                    + " (tiny.archive.path)");
        }
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < name.length;) {
            int slash = at;
            while (slash < name.length && name[slash] != '/') {
                slash++;
            }
            if (slash - at == 2 && name[at] == '.' && name[at + 1] == '.') {
                throw new DamagedArchive("the name leads out of the archive");
            }
            if (slash > at && !(slash - at == 1 && name[at] == '.')) {
                parts.add(Arrays.copyOfRange(name, at, slash));
            }
            at = slash + 1;
        }
        return new EntryName(parts);
    }

    boolean isRoot() {
        return parts.isEmpty();
    }

    int above() {
        return parts.size() - 1;
    }

    byte[] last() {
        return parts.getLast();
    }

    /** The directory it is in, as a path relative to the top. */
    byte[] parent() {
        if (parts.size() == 1) {
            return new byte[] { '.' };
        }
        int length = -1;
        for (byte[] part : parts.subList(0, above())) {
            length += part.length + 1;
        }
        byte[] path = new byte[length];
        int at = 0;
        for (byte[] part : parts.subList(0, above())) {
            System.arraycopy(part, 0, path, at, part.length);
            at += part.length;
            if (at < length) {
                path[at++] = '/';
            }
        }
        return path;
    }
}
