package dev.tinydocker.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * A file that takes room for nothing but this: on a full disk it goes, so that what frees room can be put on record,
 * whose journal grows with every change. It comes back when there is room for many of its kind.
 */
@Component
public class Reserve {

    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
    private static final int BYTES = 1 << 20;
    private static final int MANY = 4;

    private final Layout layout;

    Reserve(Layout layout) {
        this.layout = layout;
    }

    /** While something is being removed; closed after that. */
    public interface Given extends AutoCloseable {
        @Override
        void close();
    }

    /** Gives it up where the disk is full. */
    public Given give() {
        try {
            if (free() < BYTES && Files.deleteIfExists(layout.reserve())) {
                LOG.warn("the disk is full: '{}' was given up, so that something can be removed", layout.reserve());
            }
        } catch (IOException e) {
            LOG.warn("cannot delete '{}'", layout.reserve(), e);
        }
        return this::keep;
    }

    /** Makes it where it is not there, unless it would be missed: nothing fails for want of it. */
    void keep() {
        Path file = layout.reserve();
        if (Files.exists(file) || free() < (long) MANY * BYTES) {
            return;
        }
        byte[] bytes = new byte[BYTES];
        // Zeros take no room where the file system compresses.
        new Random().nextBytes(bytes);
        try {
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("somebody else has made it");
        } catch (IOException e) {
            LOG.debug("no '{}'", file, e);
        }
    }

    private long free() {
        return layout.dataRoot().toFile().getFreeSpace();
    }
}
