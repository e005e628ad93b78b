package dev.tinydocker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * One file of a log, open, and how far it was read. It stays the same file when it is renamed, and its key belongs to
 * no other one as long as it is open.
 */
final class LogFile implements AutoCloseable {

    private static final int BLOCK = 64 << 10;

    private final FileChannel channel;
    private final Object key;
    private final FileTime modified;
    private long position;

    private LogFile(FileChannel channel, Object key, FileTime modified) {
        this.channel = channel;
        this.key = key;
        this.modified = modified;
    }

    /** Takes lines, without their newline, until it answers false. */
    interface Lines {
        boolean take(byte[] bytes, int from, int to);
    }

    /** Opens the file at its beginning; empty where there is none. */
    static Optional<LogFile> open(Path path) throws IOException {
        try {
            // There is no fstat here: the file that was opened is the one of that name if it had the name before and
            // after.
            for (;;) {
                BasicFileAttributes before = Files.readAttributes(path, BasicFileAttributes.class);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                if (keyOf(path).filter(before.fileKey()::equals).isPresent()) {
                    return Optional.of(new LogFile(channel, before.fileKey(), before.lastModifiedTime()));
                }
                channel.close();
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Which file has that name at the moment. */
    static Optional<Object> keyOf(Path path) throws IOException {
        try {
            return Optional.of(Objects.requireNonNull(Files.readAttributes(path, BasicFileAttributes.class).fileKey()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    Object key() {
        return key;
    }

    /** When it was written to last, as of when it was opened. */
    FileTime modified() {
        return modified;
    }

    /**
     * Hands out the lines from where the last call ended. What comes after the last newline is left: the writer may be
     * in the middle of it, or cut it off again where the disk is full.
     */
    void read(Lines lines) throws IOException {
        byte[] bytes = new byte[BLOCK];
        for (;;) {
            int count = fill(bytes, position);
            int end = lastNewline(bytes, count) + 1;
            if (end == 0 && count == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
                continue;
            }
            long start = position;
            for (int from = 0; from < end;) {
                int newline = from;
                while (bytes[newline] != '\n') {
                    newline++;
                }
                position = start + newline + 1;
                if (!lines.take(bytes, from, newline)) {
                    return;
                }
                from = newline + 1;
            }
            if (count < bytes.length) {
                return;
            }
        }
    }

    /**
     * Goes to where reading is to start so that the last lines come out that the tail still wants, and tells it how
     * many were here.
     *
     * @return whether the tail has all it wants, so that older files are not read
     */
    boolean seek(Tail tail) throws IOException {
        byte[] bytes = new byte[BLOCK];
        long end = channel.size();
        long lineEnd = -1;
        while (end > 0) {
            long start = Math.max(0, end - BLOCK);
            int count = fill(bytes, start, (int) (end - start));
            for (int i = count - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    if (lineEnd >= 0 && !wants(tail, start + i + 1, lineEnd, bytes, i + 1, count)) {
                        position = lineEnd + 1;
                        return true;
                    }
                    lineEnd = start + i;
                }
            }
            end = start;
        }
        position = 0;
        if (lineEnd >= 0 && !wants(tail, 0, lineEnd, bytes, 0, bytes.length)) {
            position = lineEnd + 1;
            return true;
        }
        return false;
    }

    /** Asks the tail for one line; its head is in the block unless the block ends before. */
    private boolean wants(Tail tail, long lineStart, long lineEnd, byte[] block, int from, int count)
            throws IOException {
        int length = (int) Math.min(lineEnd - lineStart, LogLine.HEAD);
        byte[] head = Arrays.copyOfRange(block, from, from + LogLine.HEAD);
        if (count - from < length) {
            fill(head, lineStart, length);
        }
        return !LogLine.isLine(head, 0, length) || tail.wants(LogLine.isStderr(head, 0), LogLine.isPartial(head, 0));
    }

    private int fill(byte[] bytes, long from) throws IOException {
        return fill(bytes, from, bytes.length);
    }

    /** Reads as much as there is, up to the length. */
    private int fill(byte[] bytes, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
            // On to the rest.
        }
        return buffer.position();
    }

    private static int lastNewline(byte[] bytes, int count) {
        int i = count - 1;
        while (i >= 0 && bytes[i] != '\n') {
            i--;
        }
        return i;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
