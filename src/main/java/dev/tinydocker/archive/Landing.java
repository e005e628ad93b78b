package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;

import java.util.Map;
import java.util.TreeMap;

/** Where what is in an archive comes to, and so what of it is taken over. */
public enum Landing {

    /** A directory of its own: all is as the archive has it, and what comes later replaces what came before. */
    LAYER,

    /**
     * Files of a container that are in use. All is root's; what was somebody else's gives nobody rights by being run.
     */
    CONTAINER,

    /** The same, with the owners that the archive says. */
    CONTAINER_WITH_OWNERS,

    /**
     * Files of this host. All is root's, and nothing gives rights by being run. There are no devices: they would open.
     */
    HOST,

    /** The same, with the owners that the archive says, and so with programs that have their rights. */
    HOST_WITH_OWNERS;

    /** A container's files, or this host's. */
    public static Landing of(boolean host, boolean owners) {
        return host ? owners ? HOST_WITH_OWNERS : HOST : owners ? CONTAINER_WITH_OWNERS : CONTAINER;
    }

    /** Whether an entry may take the place of one of another kind. */
    boolean replaces() {
        return this == LAYER;
    }

    /** Takes away what has the name already: of this host's files nothing but files and links. */
    void makeRoom(DirectoryHandle parent, byte[] name) {
        if (replaces()) {
            parent.removeAll(name);
            return;
        }
        FileStat stat = parent.stat(name);
        if (stat.isDirectory() || !takesDevices() && !stat.isRegular() && !stat.isSymbolicLink()) {
            throw new InvalidRequest("make '" + TarEntry.said(name) + "'", stat.isDirectory()
                    ? "there is a directory of that name" : "there is a device, a pipe or a socket of that name",
                    "remove or rename it first");
        }
        parent.unlink(name);
    }

    /**
     * Gives something its owner. On this host that is root, who makes it: a file system that knows no owners, as one
     * that is shared with a virtual machine, has it be somebody's all the same.
     */
    void own(Runnable owner) {
        try {
            owner.run();
        } catch (SyscallException e) {
            if (this != HOST || e.errno() != Errno.EPERM) {
                throw e;
            }
        }
    }

    boolean takesDevices() {
        return this != HOST && this != HOST_WITH_OWNERS;
    }

    /** The entry as it is to be made. */
    TarEntry of(TarEntry entry) {
        if (this != CONTAINER && this != HOST) {
            return entry;
        }
        boolean gives = this == CONTAINER && entry.user() == 0 && entry.group() == 0
                || entry.kind() == TarHeader.DIRECTORY;
        Map<String, byte[]> attributes = new TreeMap<>(entry.attributes());
        if (!gives) {
            attributes.remove(Attributes.CAPABILITY);
        }
        return new TarEntry(entry.kind(), entry.name(), entry.link(), gives ? entry.mode() : entry.mode() & 01777, 0, 0,
                entry.modified(), entry.stored(), entry.major(), entry.minor(), attributes, entry.sparse());
    }
}
