package dev.tinydocker.image;

import dev.tinydocker.image.LayoutSource.Content;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Files named by the digest of their content, each whole or absent. */
@Component
class Blobs {

    /** What was broken off so long ago is not gone on with. */
    private static final Duration PATIENCE = Duration.ofDays(7);
    private static final String FULL = "ENOSPC (No space left on device)";
    private static final String MAKE_ROOM = "'image prune' frees some";

    private final Layout layout;
    private final AtomicLong names = new AtomicLong();
    private volatile boolean made;

    Blobs(Layout layout) {
        this.layout = layout;
    }

    Path file(String digest) {
        return layout.blob(Digest.hex(digest));
    }

    boolean has(String digest) {
        return Files.exists(file(digest));
    }

    /** How many bytes it has. */
    long size(String digest) {
        try {
            return Files.size(file(digest));
        } catch (IOException e) {
            throw failure("read", file(digest), e);
        }
    }

    byte[] read(String digest) {
        try {
            return Files.readAllBytes(file(digest));
        } catch (IOException e) {
            throw failure("read", file(digest), e);
        }
    }

    /** Where this content is collected until it is whole; what an earlier try has left may be there. */
    Path partial(String digest) {
        makeDirectories();
        return layout.partialBlob(Digest.hex(digest));
    }

    /** A name for a file whose digest is not known yet. */
    Path scratch() {
        makeDirectories();
        return layout.partialBlob("new-" + ProcessHandle.current().pid() + "-" + names.incrementAndGet());
    }

    /** Copies a stream to its end into a scratch file, to be kept or deleted. The caller closes the stream. */
    Content putAside(InputStream in) throws IOException {
        Path file = scratch();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW),
                1 << 18)) {
            BlobIntake intake = new BlobIntake(in, out, _ -> { });
            intake.finish();
            return new Content(file, intake.digest(), intake.count());
        } catch (IOException e) {
            delete(file);
            throw e;
        }
    }

    /** Takes in what was put aside; nothing where that has been done. */
    void keep(Content content) {
        if (Files.exists(content.file())) {
            keep(content.file(), content.digest());
        }
    }

    /** Keeps a few bytes; returns their digest. */
    String keep(byte[] content) {
        String digest = Digest.of(content);
        if (has(digest) && size(digest) == content.length) {
            return digest;
        }
        Path file = scratch();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                out.write(left);
            }
        } catch (IOException e) {
            throw failure("write", file, e);
        }
        keep(file, digest);
        return digest;
    }

    /** Takes in a file that has been found to have this digest: it is on the disk, then it has its name. */
    void keep(Path file, String digest) {
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            written.force(false);
        } catch (IOException e) {
            throw failure("write", file, e);
        }
        name(file, digest);
    }

    /** Takes in a file that is on the disk already. */
    void name(Path file, String digest) {
        try {
            Files.move(file, file(digest), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IllegalStateException("both are on one file system", e);
        } catch (IOException e) {
            throw failure("write", file(digest), e);
        }
    }

    /** Makes the names of what was kept as lasting as the content. */
    void settle() {
        settle(layout.blobs());
    }

    /** Makes the names in a directory lasting. */
    static void settle(Path directory) {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            throw failure("write", directory, e);
        }
    }

    void delete(String digest) {
        delete(file(digest));
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure("delete", file, e);
        }
    }

    /** After an engine has died: deletes what is on no record, and what nobody will go on with. */
    void recover(Set<String> recorded) {
        Instant old = Instant.now().minus(PATIENCE);
        each(layout.partialBlobs(), file -> {
            if (file.getFileName().toString().startsWith("new-")
                    || Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                Files.delete(file);
            }
        });
        each(layout.blobs(), file -> {
            if (!recorded.contains(Digest.ofHex(file.getFileName().toString()))) {
                Files.delete(file);
            }
        });
    }

    /** The sizes of what is not whole. */
    List<Long> partialSizes() {
        List<Long> sizes = new ArrayList<>();
        each(layout.partialBlobs(), file -> {
            try {
                sizes.add(Files.size(file));
            } catch (NoSuchFileException e) {
                // It has become whole.
                return;
            }
        });
        return sizes;
    }

    /** Deletes what is not whole; nothing must be on its way in. Returns how many bytes that gives back. */
    long deletePartial() {
        long bytes = partialSizes().stream().mapToLong(size -> size).sum();
        each(layout.partialBlobs(), Files::delete);
        return bytes;
    }

    private interface Visitor {
        void visit(Path file) throws IOException;
    }

    private static void each(Path directory, Visitor visitor) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                visitor.visit(file);
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw failure("clean", directory, e);
        }
    }

    private void makeDirectories() {
        if (!made) {
            makeDirectory(layout.blobs());
            makeDirectory(layout.partialBlobs());
            made = true;
        }
    }

    /** Root's alone: the layers of private images are in there. */
    static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw failure("make", directory, e);
        }
    }

    /**
     * What is said where a disk was full, if that is what a stream that was read and written at once has failed with.
     *
     * @param further what is told besides
     */
    static Optional<SystemFailure> full(String what, Throwable cause, String further) {
        return isFull(cause) ? Optional.of(new SystemFailure(what, FULL, MAKE_ROOM + further, cause))
                : Optional.empty();
    }

    private static boolean isFull(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains("No space left");
    }

    static SystemFailure failure(String deed, Path file, IOException cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        boolean full = isFull(cause);
        return new SystemFailure(deed + " '" + file + "'", full ? FULL : why,
                full ? MAKE_ROOM : "see that it can be written", cause);
    }
}
