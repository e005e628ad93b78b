package dev.tinydocker.rootfs;

import dev.tinydocker.problem.InvalidRequest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks a .tar.gz that may be hostile. No entry reaches out of the directory: none has {@code ..} or is absolute, and
 * none goes through a link, whatever that link leads to. Devices and pipes are left out: a container has its own.
 */
final class Unpacker {

    /** More than any root file system there is, and less than a disk. */
    private static final long MOST_BYTES = 8L << 30;
    private static final int MOST_ENTRIES = 500_000;
    private static final int LONGEST_PATH = 4096;

    private final Path archive;
    private final Path root;
    private final long mostBytes;
    private final List<TarArchiveEntry> directories = new ArrayList<>();
    private long bytes;

    private Unpacker(Path archive, Path root, long mostBytes) {
        this.archive = archive;
        this.root = root;
        this.mostBytes = mostBytes;
    }

    /** Unpacks into an empty directory nobody else writes to; when it returns, all is on the disk. */
    static void unpack(Path archive, Path root) throws IOException {
        unpack(archive, root, MOST_BYTES);
    }

    static void unpack(Path archive, Path root, long mostBytes) throws IOException {
        try (InputStream in = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(
                        new GZIPInputStream(new BufferedInputStream(in, 1 << 16), 1 << 16))) {
            new Unpacker(archive, root, mostBytes).all(tar);
        }
    }

    private void all(TarArchiveInputStream tar) throws IOException {
        int entries = 0;
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (++entries > MOST_ENTRIES) {
                throw refused("it has more than " + MOST_ENTRIES + " entries");
            }
            one(tar, entry);
        }
        // Now that nothing is written into them any more: modes that forbid it, and times.
        for (TarArchiveEntry directory : directories.reversed()) {
            Path path = resolve(directory.getName());
            attributes(path, directory);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private void one(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        Path path = resolve(entry.getName());
        if (entry.isDirectory()) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw refused("'" + entry.getName() + "' is a directory and something else");
            }
            Files.createDirectories(path);
            directories.add(entry);
            return;
        }
        if (path.equals(root)) {
            throw refused("its root is not a directory");
        }
        if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            return;
        }
        Files.createDirectories(path.getParent());
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("'" + entry.getName() + "' is a directory and something else");
        }
        // A later entry takes the place of an earlier one: never is anything written through what is there.
        Files.deleteIfExists(path);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            owner(path, entry);
        } else if (entry.isLink()) {
            Path target = resolve(entry.getLinkName());
            if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                throw refused("'" + entry.getName() + "' is a link to no file of the archive");
            }
            Files.createLink(path, target);
        } else if (entry.isFile()) {
            file(tar, path);
            attributes(path, entry);
        } else {
            throw refused("'" + entry.getName() + "' is of an unknown kind");
        }
    }

    private void file(InputStream in, Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                bytes += count;
                if (bytes > mostBytes) {
                    throw refused("unpacked it is more than " + mostBytes + " bytes");
                }
                for (ByteBuffer part = ByteBuffer.wrap(buffer, 0, count); part.hasRemaining();) {
                    channel.write(part);
                }
            }
            channel.force(true);
        }
    }

    /** The place of a name in the directory; every directory on the way is one, and not a link. */
    private Path resolve(String name) {
        if (name.length() > LONGEST_PATH || name.startsWith("/") || name.indexOf(0) >= 0) {
            throw refused("'" + name + "' is not a path in the archive");
        }
        Path path = root;
        String[] parts = name.split("/");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals("..")) {
                throw refused("'" + name + "' leads out of it");
            }
            if (!parts[i].isEmpty() && !parts[i].equals(".")) {
                path = path.resolve(parts[i]);
                if (i < parts.length - 1 && Files.isSymbolicLink(path)) {
                    throw refused("'" + name + "' goes through a link");
                }
            }
        }
        return path;
    }

    /** Owner before mode: chown(2) takes the set-uid bit away. */
    private static void attributes(Path path, TarArchiveEntry entry) throws IOException {
        owner(path, entry);
        Files.setAttribute(path, "unix:mode", entry.getMode() & 07777, LinkOption.NOFOLLOW_LINKS);
        Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedTime().toInstant()));
    }

    private static void owner(Path path, TarArchiveEntry entry) throws IOException {
        Files.setAttribute(path, "unix:uid", Math.toIntExact(entry.getLongUserId()), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", Math.toIntExact(entry.getLongGroupId()), LinkOption.NOFOLLOW_LINKS);
    }

    private InvalidRequest refused(String why) {
        return new InvalidRequest("unpack '" + archive + "'", why,
                "delete it, so that it is fetched again, or put a good one there");
    }
}
