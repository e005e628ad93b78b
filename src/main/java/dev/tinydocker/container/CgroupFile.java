package dev.tinydocker.container;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a cgroup that was written last, kept open: a list of devices takes one rule a write(2), and to open it
 * for each costs more than all the rest.
 */
final class CgroupFile implements AutoCloseable {

    private @Nullable Path path;
    private @Nullable FileChannel channel;

    /** Writes a value in one go. */
    void write(Path file, String value) throws IOException {
        FileChannel open = channel;
        if (open == null || !file.equals(path)) {
            close();
            open = FileChannel.open(file, StandardOpenOption.WRITE);
            channel = open;
            path = file;
        }
        open.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel = null;
    }
}
