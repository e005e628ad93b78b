package dev.tinydocker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes and rotates as the shim does. */
final class LogWriter implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-23T14:44:03Z");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
            .withZone(ZoneOffset.UTC);

    private final Path file;
    private final int files;
    private FileChannel channel;
    private int seconds;

    LogWriter(Path file, int files) throws IOException {
        this.file = file;
        this.files = files;
        this.channel = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The next line; each is one second later than the one before. */
    String line(String stream, String kind, String text) {
        return TIME.format(START.plusSeconds(seconds++)) + " " + stream + " " + kind + " " + text + "\n";
    }

    LogWriter out(String text) throws IOException {
        return raw(line("stdout", "F", text));
    }

    LogWriter err(String text) throws IOException {
        return raw(line("stderr", "F", text));
    }

    LogWriter part(String text) throws IOException {
        return raw(line("stdout", "P", text));
    }

    LogWriter raw(String bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8));
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    /** Takes the last bytes away again, as after a disk was full in the middle of a line. */
    LogWriter cutOff(int count) throws IOException {
        try (FileChannel writable = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writable.truncate(writable.size() - count);
        }
        return this;
    }

    LogWriter rotate() throws IOException {
        channel.close();
        if (files == 1) {
            Files.delete(file);
        }
        for (int i = files - 1; i > 0; i--) {
            Path from = i == 1 ? file : Path.of(file + "." + (i - 1));
            try {
                Files.move(from, Path.of(file + "." + i), StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException e) {
                // Not so many yet.
            }
        }
        channel = open();
        return this;
    }

    long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
