package dev.tinydocker.archive;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.FileBuffer;
import dev.tinydocker.linux.FileHandle;
import dev.tinydocker.linux.FileStat;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;

/** Writes files as entries of an archive, one after the other. */
final class EntryWriter {

    static final int BUFFER = 1 << 18;
    private static final byte[] NOTHING = {};

    private final OutputStream out;
    private final TarOutput tar;
    private final FileBuffer buffer;
    private final byte[] chunk = new byte[BUFFER];

    /** @param buffer of {@link #BUFFER} bytes */
    EntryWriter(OutputStream out, FileBuffer buffer) {
        this.out = out;
        this.tar = new TarOutput(out);
        this.buffer = buffer;
    }

    /** Writes what is neither a directory nor a file; false for a socket. */
    boolean other(DirectoryHandle parent, byte[] name, byte[] path, FileStat stat) throws IOException {
        if (stat.isSymbolicLink()) {
            header(TarHeader.SYMLINK, path, parent.target(name), stat, Map.of());
        } else if (stat.isCharacterDevice()) {
            header(TarHeader.CHARACTER, path, NOTHING, stat, Map.of());
        } else if (stat.isBlockDevice()) {
            header(TarHeader.BLOCK_DEVICE, path, NOTHING, stat, Map.of());
        } else if (stat.isPipe()) {
            header(TarHeader.PIPE, path, NOTHING, stat, Map.of());
        } else {
            return false;
        }
        return true;
    }

    /** Writes a file as it is now, with its holes. */
    void file(FileHandle file, FileStat stat, byte[] path) throws IOException {
        SparseMap map = stat.blocks() * 512 < stat.size() ? map(file, stat.size()) : null;
        long stored = map == null ? stat.size() : map.stored();
        begin(TarHeader.FILE, path, NOTHING, stat, stored, Attributes.get(file), map);
        if (map == null) {
            copy(file, 0, stored);
        } else {
            for (int i = 0; i < map.pairs().length; i += 2) {
                copy(file, map.pairs()[i], map.pairs()[i + 1]);
            }
        }
        tar.filled();
    }

    /** Where a file has data; null where it is all data, or too many pieces. lseek(2). */
    private static @Nullable SparseMap map(FileHandle file, long length) {
        SparseMap.Builder map = new SparseMap.Builder();
        int pieces = 0;
        long end = 0;
        OptionalLong data = file.data(0);
        while (data.isPresent() && data.getAsLong() < length) {
            long from = data.getAsLong();
            long to = Math.min(file.hole(from), length);
            if (from == 0 && to == length || ++pieces > SparseMap.MOST_PIECES) {
                return null;
            }
            map.add(from, to - from);
            end = to;
            data = file.data(to);
        }
        if (end < length) {
            // GNU tar takes the length from the last piece.
            map.add(length, 0);
        }
        return map.of(length);
    }

    private void copy(FileHandle file, long offset, long length) throws IOException {
        for (long done = 0; done < length;) {
            giveUpIfInterrupted();
            int most = (int) Math.min(length - done, BUFFER);
            int count = file.read(buffer, most, offset + done);
            if (count == 0) {
                // Cut since its size was written.
                Arrays.fill(chunk, 0, most, (byte) 0);
                count = most;
            } else {
                buffer.get(chunk, 0, count);
            }
            out.write(chunk, 0, count);
            done += count;
        }
    }

    /** @throws IOException where this thread is interrupted */
    static void giveUpIfInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("nobody wants it any more");
        }
    }

    /** Writes an empty file, which stands for a deletion. */
    void deletion(byte[] path, FileStat stat) throws IOException {
        tar.begin(new TarEntry(TarHeader.FILE, path, NOTHING, 0, stat.user(), stat.group(), Instant.EPOCH, 0, 0, 0,
                Map.of(), null));
    }

    /** Writes an entry without content. */
    void header(byte kind, byte[] path, byte[] link, FileStat stat, Map<String, byte[]> attributes)
            throws IOException {
        begin(kind, path, link, stat, 0, attributes, null);
    }

    private void begin(byte kind, byte[] path, byte[] link, FileStat stat, long stored,
            Map<String, byte[]> attributes, @Nullable SparseMap sparse) throws IOException {
        boolean device = kind == TarHeader.CHARACTER || kind == TarHeader.BLOCK_DEVICE;
        tar.begin(new TarEntry(kind, path, link, stat.permissions(), stat.user(), stat.group(), stat.modified(),
                stored, device ? stat.major() : 0, device ? stat.minor() : 0, attributes, sparse));
    }

    /** Ends the archive. */
    void finish() throws IOException {
        tar.finish();
        out.flush();
    }
}
