package dev.tinydocker.log;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads the files a shim writes. What wakes a reader that follows is inotify(7) for new lines and files; the
 * container's end and {@link #close()} close the watch, which wakes it too. So it never looks without a reason.
 */
final class FileLogReader implements LogReader {

    /** A file's time comes from a clock that lags behind the one lines are stamped with, by a few milliseconds. */
    private static final Duration LAG = Duration.ofSeconds(1);

    /** So far ahead no end of time overflows. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Path file;
    private final CompletionStage<?> ended;
    private volatile boolean closed;
    private volatile @Nullable WatchService watch;

    FileLogReader(Path file, CompletionStage<?> ended) {
        this.file = file;
        this.ended = ended;
    }

    @Override
    public void read(LogQuery query, Consumer<LogEntry> sink) {
        Selection selection = new Selection(query, sink, () -> closed);
        try {
            if (query.follow()) {
                follow(query, selection);
            } else {
                try (Position position = new Position()) {
                    position.go(history(query), selection);
                }
            }
        } catch (IOException e) {
            throw new SystemFailure("read the log '" + file + "'", FileFailures.reason(e), "", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        end(watch);
    }

    private void follow(LogQuery query, Selection selection) throws IOException {
        // Watched before anything is read, so that nothing is missed in between.
        try (WatchService service = newWatch(); Position position = new Position()) {
            watch = service;
            LogFiles.directory(file).register(service, StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
            ended.whenComplete((result, failure) -> end(service));
            position.go(history(query), selection);
            boolean more = true;
            while (more && !selection.isDone()) {
                more = await(service, query.until());
                position.advance(selection);
            }
        } catch (NoSuchFileException e) {
            // No directory, so no log: the container was never started, or is removed.
        } catch (ClosedWatchServiceException e) {
            // Closed before it began.
        }
    }

    /** Waits until something was written. False where nothing more will be, or is wanted. */
    private static boolean await(WatchService service, @Nullable Instant until) throws IOException {
        try {
            WatchKey key;
            if (until == null) {
                key = service.take();
            } else {
                Instant now = Instant.now();
                Instant end = until.isBefore(now.plus(LONGEST_WAIT)) ? until : now.plus(LONGEST_WAIT);
                key = service.poll(Math.max(0, Duration.between(now, end).toMillis()), TimeUnit.MILLISECONDS);
            }
            if (key == null) {
                return Instant.now().isBefore(until);
            }
            key.pollEvents();
            // False: the directory was deleted.
            return key.reset();
        } catch (ClosedWatchServiceException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The files there are, open and at the place where reading starts, the oldest first. */
    private List<LogFile> history(LogQuery query) throws IOException {
        List<LogFile> files = LogFiles.open(file);
        List<LogFile> wanted = new ArrayList<>();
        Tail tail = new Tail(query.tail());
        boolean enough = false;
        for (LogFile next : files.reversed()) {
            boolean tooOld = query.since() != null && next.modified().toInstant().plus(LAG).isBefore(query.since());
            if (enough || tooOld && !wanted.isEmpty()) {
                next.close();
                continue;
            }
            enough = query.tail() >= 0 && next.seek(tail);
            wanted.addFirst(next);
        }
        return wanted;
    }

    private static WatchService newWatch() {
        try {
            return Path.of("/").getFileSystem().newWatchService();
        } catch (IOException e) {
            throw new HostLacks("follow a log", "inotify gives no further instance",
                    "raise fs.inotify.max_user_instances with sysctl, or end other programs that watch files", e);
        }
    }

    private static void end(@Nullable WatchService service) {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            throw new SystemFailure("end the following of a log", FileFailures.reason(e), "", e);
        }
    }

    /** The file that is read at the moment, and how to get from it to the next. */
    private final class Position implements AutoCloseable {

        private @Nullable LogFile current;

        /** Reads the files one after another and stays at the last. */
        void go(List<LogFile> files, Selection selection) throws IOException {
            Deque<LogFile> next = new ArrayDeque<>(files);
            try {
                while (!next.isEmpty()) {
                    close();
                    LogFile reading = next.removeFirst();
                    current = reading;
                    reading.read(selection);
                }
            } finally {
                for (LogFile unread : next) {
                    unread.close();
                }
            }
        }

        /** Reads what was written since. */
        void advance(Selection selection) throws IOException {
            LogFile reading = current;
            while (reading != null && !selection.isDone()) {
                reading.read(selection);
                if (LogFile.keyOf(file).filter(reading.key()::equals).isPresent()) {
                    return;
                }
                List<LogFile> newer = LogFiles.openNewerThan(file, reading.key());
                if (newer.isEmpty()) {
                    return;
                }
                // Again: the writer leaves a file for good before it makes the next one, but wrote to it until then.
                reading.read(selection);
                go(newer, selection);
                reading = current;
            }
            if (reading == null) {
                go(LogFiles.open(file), selection);
            }
        }

        @Override
        public void close() throws IOException {
            if (current != null) {
                current.close();
                current = null;
            }
        }
    }
}
