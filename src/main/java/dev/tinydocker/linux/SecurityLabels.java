package dev.tinydocker.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What SELinux calls the context of a file, selinux(8): an extended attribute that ends with a zero, xattr(7). */
public final class SecurityLabels {

    private static final String ATTRIBUTE = "security.selinux";

    private SecurityLabels() {
    }

    /** A directory's label; empty where it has none of its own. */
    public static Optional<String> of(Path directory) {
        try (DirectoryHandle handle = DirectoryHandle.open(directory)) {
            return handle.attribute(ATTRIBUTE)
                    .map(value -> new String(value, StandardCharsets.UTF_8).replace("\0", ""));
        }
    }

    /**
     * Labels a file, or a directory. What is neither, a link or a socket in there, keeps what it has, and nothing
     * outside is reached whoever changes it meanwhile.
     *
     * @param path without a link in it
     * @param all with what is in the directory
     * @throws SyscallException EINVAL where the policy has no such label
     */
    public static void set(Path path, String label, boolean all) {
        byte[] value = (label + "\0").getBytes(StandardCharsets.UTF_8);
        if (Files.isDirectory(path)) {
            try (DirectoryHandle directory = DirectoryHandle.open(path)) {
                set(directory, value, all);
            }
        } else {
            try (DirectoryHandle directory = DirectoryHandle.open(Objects.requireNonNull(path.getParent()));
                    FileHandle file = directory.file(path.getFileName().toString().getBytes(StandardCharsets.UTF_8))) {
                set(file, value);
            }
        }
    }

    /** What a file system keeps no labels of is as it is mounted. */
    private static void set(Descriptor file, byte[] value) {
        try {
            file.attribute(ATTRIBUTE, value);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EOPNOTSUPP) {
                throw e;
            }
        }
    }

    private static void set(DirectoryHandle directory, byte[] value, boolean all) {
        for (byte[] name : all ? directory.names() : List.<byte[]>of()) {
            FileStat stat = directory.stat(name);
            if (stat.isDirectory()) {
                try (DirectoryHandle below = directory.directory(name)) {
                    set(below, value, true);
                }
            } else if (stat.isRegular()) {
                try (FileHandle file = directory.file(name)) {
                    set(file, value);
                }
            }
        }
        // Last, so that it tells that all is done.
        set(directory, value);
    }
}
