package dev.tinydocker.archive;

import dev.tinydocker.linux.Descriptor;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.SyscallException;

import java.util.Map;
import java.util.TreeMap;

/**
 * The extended attributes that travel with a layer, xattr(7): capabilities of programs, and what users note. Not those
 * of the host's policy ({@code security.selinux}), and none that overlayfs obeys: {@code trusted.overlay.redirect}
 * would show another directory.
 */
final class Attributes {

    /** What a program may do that root does not start, capabilities(7). */
    static final String CAPABILITY = "security.capability";

    private Attributes() {
    }

    /** A name with an equals sign cannot be said in an archive, where that sign ends it. */
    private static boolean travels(String name) {
        return name.equals(CAPABILITY)
                || name.startsWith("user.") && !name.startsWith("user.overlay.") && name.indexOf('=') < 0;
    }

    static void set(Descriptor file, Map<String, byte[]> attributes) {
        if (attributes.isEmpty()) {
            return;
        }
        attributes.forEach((name, value) -> {
            if (!travels(name)) {
                return;
            }
            try {
                file.attribute(name, value);
            } catch (SyscallException e) {
                // A file system without notes of users loses these; a program without its capabilities would not work.
                if (e.errno() != Errno.EOPNOTSUPP || !name.startsWith("user.")) {
                    throw e;
                }
            }
        });
    }

    /** Sorted by name. */
    static Map<String, byte[]> get(Descriptor file) {
        Map<String, byte[]> found = new TreeMap<>();
        for (String name : file.attributes()) {
            if (travels(name)) {
                file.attribute(name).ifPresent(value -> found.put(name, value));
            }
        }
        return found;
    }
}
