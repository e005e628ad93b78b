package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.SyscallException;

/** Deletions of a layer, as they are kept for overlayfs while it is unpacked. */
final class Deletions {

    private static final int S_IFCHR = 0020000;

    private Deletions() {
    }

    /**
     * Keeps a deletion; false where the entry is none. What the layer itself brings is not meant by its own deletions,
     * whichever comes first.
     */
    static boolean keep(EntryName name, Place place) {
        for (byte[] part : name.parts()) {
            if (Whiteouts.isMeta(part) && !(part == name.last() && Whiteouts.isOpaque(part))) {
                return true;
            }
        }
        for (byte[] part : name.parts().subList(0, name.above())) {
            if (Whiteouts.isWhiteout(part)) {
                throw new DamagedArchive("it lies in '" + TarEntry.said(part) + "', which means a deletion");
            }
        }
        byte[] last = name.last();
        if (!Whiteouts.isWhiteout(last)) {
            return false;
        }
        place.go(name.parts(), name.above());
        if (Whiteouts.isOpaque(last)) {
            place.current().attribute(Whiteouts.OPAQUE, Whiteouts.YES);
            return true;
        }
        byte[] hidden = Whiteouts.hidden(last);
        if (hidden.length == 0 || hidden.length <= 2 && hidden[0] == '.' && hidden[hidden.length - 1] == '.') {
            throw new DamagedArchive("it deletes no name");
        }
        hide(place.current(), hidden);
        return true;
    }

    private static void hide(DirectoryHandle parent, byte[] name) {
        try {
            parent.makeNode(name, S_IFCHR, 0, 0);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            if (parent.stat(name).isDirectory()) {
                try (DirectoryHandle directory = parent.directory(name)) {
                    directory.attribute(Whiteouts.OPAQUE, Whiteouts.YES);
                }
            }
        }
    }
}
