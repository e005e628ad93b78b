package dev.tinydocker.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that only its owner reads, and that is there whole or as it was. */
final class PrivateFile {

    private PrivateFile() {
    }

    /**
     * Replaces it. The engine may write for somebody else, so it belongs to whoever it belonged to, or to whom the
     * directory belongs. A link is followed: some people keep such files elsewhere.
     */
    static void write(Path file, byte[] content) throws IOException {
        Path directory = above(file);
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
                    "rwx------")));
            own(directory, above(directory));
        }
        Path real = Files.exists(file) ? file.toRealPath() : file;
        Path fresh = Files.createTempFile(above(real), ".config", ".json");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            own(fresh, Files.exists(real) ? real : above(real));
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Path above(Path path) {
        return path.toAbsolutePath().resolveSibling("");
    }

    private static void own(Path mine, Path like) throws IOException {
        if (!Files.getOwner(mine).equals(Files.getOwner(like))) {
            Files.setAttribute(mine, "unix:gid", Files.getAttribute(like, "unix:gid"));
            Files.setAttribute(mine, "unix:uid", Files.getAttribute(like, "unix:uid"));
        }
    }
}
