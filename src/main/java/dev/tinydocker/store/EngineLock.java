package dev.tinydocker.store;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The lock that makes one JVM on this run root the engine. The kernel gives it back however its holder ends. It is a
 * lock of fcntl(2): closing any other descriptor of the same file in the same JVM would lose it, so only this class
 * opens the file.
 */
@Component
public class EngineLock implements AutoCloseable {

    private final Path file;
    private @Nullable FileChannel held;

    EngineLock(Layout layout) {
        this.file = layout.engineLock();
    }

    /**
     * Takes the lock where it is free; a second call answers as the first did. The run root must exist.
     *
     * @return false where another JVM has it, or this user may not have it
     */
    public synchronized boolean tryAcquire() {
        if (held != null) {
            return true;
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                return false;
            }
            held = channel;
            String pid = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (AccessDeniedException e) {
            return false;
        } catch (IOException e) {
            throw new SystemFailure("lock '" + file + "'", FileFailures.reason(e),
                    "see that tiny.run.root can be written", e);
        }
    }

    /** The pid of the JVM that has the lock, or had it last; empty where that is not known. */
    public synchronized String holder() {
        if (held != null) {
            return String.valueOf(ProcessHandle.current().pid());
        }
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException | AccessDeniedException e) {
            return "";
        } catch (IOException e) {
            throw new SystemFailure("read '" + file + "'", FileFailures.reason(e), "", e);
        }
    }

    /** Gives the lock back. The file stays: who waits for it has it open. */
    @Override
    public synchronized void close() throws IOException {
        FileChannel channel = held;
        held = null;
        if (channel != null) {
            channel.close();
        }
    }
}
