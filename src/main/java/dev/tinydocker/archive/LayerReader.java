package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileBuffer;
import dev.tinydocker.linux.FileHandle;
import dev.tinydocker.linux.FileStat;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Unpacks an archive that may be hostile. Whatever is in it, nothing outside the directory is made, changed or read:
 * every name is taken in an open directory, and no link is followed. The entry that comes last wins. Blocks: platform
 * threads only.
 */
public final class LayerReader {

    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFIFO = 0010000;

    private final Limits limits;
    private final Whiteouts whiteouts;
    private final Landing landing;
    private final TarInput in;
    private final Place place;
    private final FileBuffer buffer;
    private final byte[] chunk = new byte[1 << 18];
    private long bytes;
    private long entries;

    private LayerReader(TarInput in, Limits limits, Whiteouts whiteouts, Landing landing, Place place,
            FileBuffer buffer) {
        this.in = in;
        this.limits = limits;
        this.whiteouts = whiteouts;
        this.landing = landing;
        this.place = place;
        this.buffer = buffer;
    }

    /**
     * Unpacks an archive with owners, permissions, times, links, holes, devices, and the extended attributes
     * {@code user.*} and {@code security.capability}; the stream is read to its end. All is on the disk when this
     * returns. As root: the set-user-id programs and devices in a layer are real, so let nobody else into the directory
     * above.
     *
     * @param tar decompressed; the caller closes it
     * @param directory an empty one nobody else writes to; what is in it after a failure is the caller's to delete
     * @throws InvalidRequest where the archive is damaged, hostile, or beyond the limits
     * @throws SystemFailure where the file system refuses, as when it is full
     * @throws IOException what {@code tar} throws; damage that {@link Compression} finds is a refusal
     */
    public static Unpacked unpack(InputStream tar, Path directory, Limits limits, Whiteouts whiteouts)
            throws IOException {
        Unpacked unpacked = unpackUnsynced(tar, directory, limits, whiteouts);
        sync(directory);
        return unpacked;
    }

    /** Puts what was unpacked on the disk, and all else that was written to the same file system. */
    public static void sync(Path directory) {
        try (DirectoryHandle handle = DirectoryHandle.open(directory)) {
            handle.syncFileSystem();
        } catch (SyscallException e) {
            throw UnpackProblems.failed("into '" + directory + "'", e);
        }
    }

    /** As {@link #unpack}, for a caller that unpacks several and then calls {@link #sync} once. */
    public static Unpacked unpackUnsynced(InputStream tar, Path directory, Limits limits, Whiteouts whiteouts)
            throws IOException {
        TarInput in = new TarInput(tar, limits);
        try (FileBuffer buffer = new FileBuffer(1 << 18);
                Place place = new Place(DirectoryHandle.open(directory), whiteouts == Whiteouts.OVERLAY, true)) {
            return new LayerReader(in, limits, whiteouts, Landing.LAYER, place, buffer).all();
        } catch (SyscallException e) {
            throw UnpackProblems.failed("into '" + directory + "'", e);
        }
    }

    /**
     * Unpacks an archive into a directory that is in use. A directory never takes the place of something else, nor the
     * other way round; files of the same name are replaced, not written to. However much it is, it is taken.
     *
     * @param directory closed with that
     * @throws InvalidRequest where the archive is damaged, hostile, or does not fit what is there
     */
    static void unpackInto(InputStream tar, DirectoryHandle directory, Landing landing) throws IOException {
        TarInput in = new TarInput(tar, Limits.ENDLESS);
        try (FileBuffer buffer = new FileBuffer(1 << 18); Place place = new Place(directory, false, false)) {
            new LayerReader(in, Limits.ENDLESS, Whiteouts.NONE, landing, place, buffer).all();
        }
    }

    private Unpacked all() throws IOException {
        String next = "the first entry";
        try {
            for (TarEntry entry = in.next(); entry != null; entry = in.next()) {
                if (++entries > limits.entries()) {
                    throw new DamagedArchive("the archive has more than " + limits.entries()
                            + " entries (tiny.archive.entries)");
                }
                // A million empty files are read from nothing that would hear of it.
                EntryWriter.giveUpIfInterrupted();
                one(landing.of(entry));
                next = "the entry after '" + entry.said() + "'";
            }
        } catch (DamagedArchive e) {
            throw UnpackProblems.refused(begun(next), String.valueOf(e.getMessage()), e);
        } catch (Compression.Damaged e) {
            throw UnpackProblems.refused(begun(next), String.valueOf(e.getMessage()), e);
        } catch (SyscallException e) {
            throw UnpackProblems.failed(begun(next), e);
        }
        place.finish();
        return new Unpacked(bytes, entries);
    }

    private String begun(String otherwise) {
        return in.begun().map(name -> "'" + name + "'").orElse(otherwise);
    }

    private void one(TarEntry entry) throws IOException {
        EntryName name = EntryName.parse(entry.name(), limits);
        if (entry.kind() == TarHeader.DIRECTORY) {
            directory(name, entry);
        } else if (name.isRoot()) {
            throw new DamagedArchive("the top of the archive is not a directory");
        } else if (whiteouts != Whiteouts.OVERLAY || !Deletions.keep(name, place)) {
            place.go(name.parts(), name.above());
            other(name, entry);
        }
    }

    private void directory(EntryName name, TarEntry entry) {
        if (name.isRoot()) {
            place.enterTop();
        } else if (whiteouts == Whiteouts.OVERLAY && Deletions.keep(name, place)) {
            return;
        } else {
            place.go(name.parts(), name.above());
            place.enterOrMake(name.last());
        }
        DirectoryHandle made = place.current();
        landing.own(() -> made.owner(entry.user(), entry.group()));
        made.mode(entry.mode());
        Attributes.set(made, entry.attributes());
        place.modified(entry.modified());
    }

    private void other(EntryName name, TarEntry entry) throws IOException {
        DirectoryHandle parent = place.current();
        byte[] last = name.last();
        boolean device = entry.kind() == TarHeader.CHARACTER || entry.kind() == TarHeader.BLOCK_DEVICE;
        if (device && !landing.takesDevices()) {
            throw new InvalidRequest("make '" + entry.said() + "'", "it is a device, and would be one of this host's",
                    "leave it out, or take it as an archive with -");
        }
        switch (entry.kind()) {
            case TarHeader.FILE -> file(parent, last, entry);
            case TarHeader.LINK -> link(parent, last, entry);
            case TarHeader.SYMLINK -> {
                checkTarget(entry);
                replacing(parent, last, () -> parent.makeSymbolicLink(last, entry.link()));
                landing.own(() -> parent.owner(last, entry.user(), entry.group()));
                parent.modified(last, entry.modified());
            }
            case TarHeader.CHARACTER -> node(parent, last, entry, S_IFCHR);
            case TarHeader.BLOCK_DEVICE -> node(parent, last, entry, S_IFBLK);
            case TarHeader.PIPE -> node(parent, last, entry, S_IFIFO);
            default -> throw new DamagedArchive("it is of the unknown kind " + (entry.kind() & 0xff));
        }
    }

    private void checkTarget(TarEntry entry) {
        if (entry.link().length == 0 || entry.link().length > limits.pathBytes()) {
            throw new DamagedArchive("it is a link to a name of " + entry.link().length + " bytes");
        }
    }

    /** Among files that are in use, one that does not become whole does not stay. */
    private void file(DirectoryHandle parent, byte[] name, TarEntry entry) throws IOException {
        boolean whole = false;
        try (FileHandle file = created(parent, name)) {
            try {
                fill(file, entry);
                whole = true;
            } finally {
                if (!whole && !landing.replaces()) {
                    parent.unlink(name);
                }
            }
        }
    }

    private void fill(FileHandle file, TarEntry entry) throws IOException {
        SparseMap sparse = entry.sparse();
        if (sparse == null) {
            copy(file, 0, entry.stored());
        } else {
            file.length(sparse.length());
            for (int i = 0; i < sparse.pairs().length; i += 2) {
                copy(file, sparse.pairs()[i], sparse.pairs()[i + 1]);
            }
        }
        landing.own(() -> file.owner(entry.user(), entry.group()));
        file.mode(entry.mode());
        Attributes.set(file, entry.attributes());
        file.modified(entry.modified());
    }

    private FileHandle created(DirectoryHandle parent, byte[] name) {
        try {
            return parent.create(name, 0600);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            landing.makeRoom(parent, name);
            return parent.create(name, 0600);
        }
    }

    private void copy(FileHandle file, long offset, long length) throws IOException {
        for (long done = 0; done < length;) {
            int part = 0;
            int most = (int) Math.min(length - done, chunk.length);
            while (part < most) {
                part += in.read(chunk, part, most - part);
            }
            buffer.put(chunk, 0, part);
            file.write(buffer, part, offset + done);
            done += part;
        }
        bytes += length;
    }

    private void link(DirectoryHandle parent, byte[] name, TarEntry entry) {
        EntryName target = EntryName.parse(entry.link(), limits);
        if (target.isRoot()) {
            throw new DamagedArchive("it is a link to the top of the archive");
        }
        try (DirectoryHandle other = place.root().beneath(target.parent())) {
            FileStat existing = other.stat(target.last());
            if (existing.isDirectory()) {
                throw new DamagedArchive("it is a link to a directory");
            }
            try {
                parent.makeLink(name, other, target.last());
            } catch (SyscallException e) {
                if (e.errno() != Errno.EEXIST) {
                    throw e;
                }
                if (!parent.stat(name).isSameFile(existing)) {
                    landing.makeRoom(parent, name);
                    parent.makeLink(name, other, target.last());
                }
            }
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
                throw new DamagedArchive("it is a link to '" + TarEntry.said(entry.link())
                        + "', which the archive has not brought before it");
            }
            throw e;
        }
    }

    private void node(DirectoryHandle parent, byte[] name, TarEntry entry, int kind) {
        replacing(parent, name, () -> parent.makeNode(name, kind | 0600, entry.major(), entry.minor()));
        landing.own(() -> parent.owner(name, entry.user(), entry.group()));
        parent.nodeMode(name, entry.mode());
        parent.modified(name, entry.modified());
    }

    /** Does it again where the name is taken, without what had it. */
    private void replacing(DirectoryHandle parent, byte[] name, Runnable make) {
        try {
            make.run();
        } catch (SyscallException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            landing.makeRoom(parent, name);
            make.run();
        }
    }
}
