package dev.tinydocker.archive;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A tar archive as its entries: POSIX, GNU and older ones, names and numbers as they are in there. Reads ahead, and not
 * beyond the end of the stream. Nothing in an archive makes it take more memory than a few names.
 */
final class TarInput {

    /** An extended header holds names and attributes; the kernel takes no attribute above 64 KiB. */
    private static final int MOST_HEADER = 1 << 20;
    private static final long MOST_ID = 0xfffffffeL;

    private final InputStream in;
    private final Limits limits;
    private final byte[] buffer = new byte[1 << 18];
    private final byte[] block = new byte[TarHeader.BLOCK];
    private int at;
    private int end;
    private long count;
    /** Of the current entry: content not read yet, and what fills its last block. */
    private long left;
    private int padding;
    private byte @Nullable [] name;

    TarInput(InputStream in, Limits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** The next entry, its content to be read with {@link #read}; null at the end, when the stream is read whole. */
    @Nullable
    TarEntry next() throws IOException {
        byte[] longName = null;
        byte[] longLink = null;
        PaxRecords pax = new PaxRecords();
        boolean announced = false;
        while (true) {
            skipContent();
            name = null;
            if (!header()) {
                if (announced) {
                    throw truncated();
                }
                return null;
            }
            byte kind = block[156];
            long size = TarHeader.number(block, 124, 12);
            if (size < 0) {
                throw new DamagedArchive("its size is negative");
            }
            announced = kind != TarHeader.PAX_GLOBAL;
            switch (kind) {
                case TarHeader.LONG_NAME -> longName = meta(size);
                case TarHeader.LONG_LINK -> longLink = meta(size);
                case TarHeader.PAX -> pax = PaxRecords.parse(meta(size, MOST_HEADER));
                // About the archive, not about its entries: where a commit was exported, for example.
                case TarHeader.PAX_GLOBAL -> content(size);
                default -> {
                    return entry(kind, size, pax, longName, longLink);
                }
            }
        }
    }

    /** The name of the entry that was begun last, for a message; empty where even its name could not be read. */
    Optional<String> begun() {
        return Optional.ofNullable(name).map(TarEntry::said);
    }

    private TarEntry entry(byte headerKind, long headerSize, PaxRecords pax, byte @Nullable [] longName,
            byte @Nullable [] longLink) throws IOException {
        byte[] given = first(pax.bytes("path"), longName, TarHeader.name(block));
        byte[] real = pax.bytes("GNU.sparse.name");
        name = real == null ? given : real;
        byte[] link = first(pax.bytes("linkpath"), longLink, TarHeader.text(block, 157, 100));
        byte kind = headerKind == 0 || headerKind == TarHeader.CONTIGUOUS ? TarHeader.FILE : headerKind;
        if (kind == TarHeader.FILE && given.length > 0 && given[given.length - 1] == '/') {
            kind = TarHeader.DIRECTORY;
        }
        boolean hasContent = kind == TarHeader.FILE || kind == TarHeader.SPARSE;
        long size = pax.number("size", headerSize);
        if (size < 0) {
            throw new DamagedArchive("its size is negative");
        }
        int user = id(pax.number("uid", TarHeader.number(block, 108, 8)));
        int group = id(pax.number("gid", TarHeader.number(block, 116, 8)));
        int mode = (int) (TarHeader.number(block, 100, 8) & 07777);
        Instant modified = pax.time("mtime", time(TarHeader.number(block, 136, 12)));
        boolean device = kind == TarHeader.CHARACTER || kind == TarHeader.BLOCK_DEVICE;
        int major = device ? deviceNumber(TarHeader.number(block, 329, 8), 0xfff) : 0;
        int minor = device ? deviceNumber(TarHeader.number(block, 337, 8), 0xfffff) : 0;
        byte[] sparseHeader = block.clone();
        // What has no content by its kind has none, whatever its header says; all programs agree on this.
        content(hasContent ? size : 0);
        SparseMap sparse = hasContent ? SparseMaps.read(this, kind, sparseHeader, pax) : null;
        if (sparse != null && sparse.stored() != left) {
            throw new DamagedArchive("the map of its holes is not that of its content");
        }
        Map<String, byte[]> attributes = pax.attributes();
        return new TarEntry(kind == TarHeader.SPARSE ? TarHeader.FILE : kind, sparse == null ? given : name, link, mode,
                user, group, modified, left, major, minor, attributes, sparse);
    }

    private static byte[] first(byte @Nullable [] one, byte @Nullable [] two, byte[] three) {
        return one != null ? one : two != null ? two : three;
    }

    private static int id(long id) {
        // The last one means "unchanged" to chown(2).
        if (id < 0 || id > MOST_ID) {
            throw new DamagedArchive("its owner " + id + " is none of a Linux system");
        }
        return (int) id;
    }

    private static int deviceNumber(long number, int most) {
        if (number < 0 || number > most) {
            throw new DamagedArchive("its device number " + number + " is none of a Linux system");
        }
        return (int) number;
    }

    private static Instant time(long seconds) {
        // Within a header's 12 bytes fits far more than Java's calendar and any file system.
        return Instant.ofEpochSecond(Math.clamp(seconds, -(1L << 40), 1L << 40));
    }

    /** Reads a header; false at the end, which is two blocks of zeros, one, or none. */
    private boolean header() throws IOException {
        if (!fill(block)) {
            return false;
        }
        if (TarHeader.isZero(block)) {
            if (fill(block) && !TarHeader.isZero(block)) {
                throw new DamagedArchive("a block of zeros lies between two entries");
            }
            // Some pad their archives; whoever checks a digest of the stream needs all of it.
            while (more()) {
                at = end;
            }
            return false;
        }
        if (!TarHeader.isIntact(block)) {
            throw new DamagedArchive("a header's checksum is wrong");
        }
        return true;
    }

    private byte[] meta(long size) throws IOException {
        if (size > limits.pathBytes() + 2) {
            throw new DamagedArchive("a name in it has " + size + " bytes, more than " + limits.pathBytes()
                    + " (tiny.archive.path)");
        }
        byte[] bytes = meta(size, MOST_HEADER);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return Arrays.copyOf(bytes, length);
    }

    private byte[] meta(long size, int most) throws IOException {
        if (size > most) {
            throw new DamagedArchive("a header of it has " + size + " bytes, more than " + most);
        }
        content(size);
        byte[] bytes = new byte[(int) size];
        for (int done = 0; done < bytes.length;) {
            done += read(bytes, done, bytes.length - done);
        }
        return bytes;
    }

    private void content(long size) {
        if (size > limits.bytes() - count) {
            throw new DamagedArchive("unpacked the archive is more than " + limits.bytes()
                    + " bytes (tiny.archive.bytes)");
        }
        left = size;
        padding = (int) (-size & TarHeader.BLOCK - 1);
    }

    /** Content of the current entry that is not read yet. */
    long left() {
        return left;
    }

    /** Reads content of the current entry: as much as is at hand. Never 0 while some is left. */
    int read(byte[] into, int offset, int length) throws IOException {
        if (at == end && !more()) {
            throw truncated();
        }
        int some = (int) Math.min(Math.min(length, left), end - at);
        System.arraycopy(buffer, at, into, offset, some);
        at += some;
        left -= some;
        return some;
    }

    /** A block between a header and its content, which is not part of either. */
    byte[] extension() throws IOException {
        if (!fill(block)) {
            throw truncated();
        }
        return block.clone();
    }

    private void skipContent() throws IOException {
        for (long skip = left + padding; skip > 0;) {
            if (at == end && !more()) {
                // The last entry's padding is missed by nobody.
                if (skip > padding) {
                    throw truncated();
                }
                break;
            }
            int some = (int) Math.min(skip, end - at);
            at += some;
            skip -= some;
        }
        left = 0;
        padding = 0;
    }

    /** Reads a block; false at the stream's end. */
    private boolean fill(byte[] bytes) throws IOException {
        for (int done = 0; done < bytes.length;) {
            if (at == end && !more()) {
                if (done > 0) {
                    throw truncated();
                }
                return false;
            }
            int some = Math.min(bytes.length - done, end - at);
            System.arraycopy(buffer, at, bytes, done, some);
            at += some;
            done += some;
        }
        return true;
    }

    private boolean more() throws IOException {
        int length = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(length, 0);
        count += end;
        if (count > limits.bytes()) {
            throw new DamagedArchive("unpacked the archive is more than " + limits.bytes()
                    + " bytes (tiny.archive.bytes)");
        }
        return length > 0;
    }

    private static DamagedArchive truncated() {
        return new DamagedArchive("the archive ends in the middle of it");
    }
}
