package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Ends what lives in a cgroup, and then the cgroup. Version 1 tells nobody that a cgroup has become empty, so both look
 * again after a moment that grows from half a millisecond to 50, and give up after {@code patience}.
 */
final class Inhabitants {

    private static final long FIRST_WAIT_NANOS = 500_000;
    private static final long LONGEST_WAIT_NANOS = 50_000_000;

    private final IntConsumer kill;
    private final Duration patience;

    /** @param kill sends SIGKILL; a process that is gone is fine */
    Inhabitants(IntConsumer kill, Duration patience) {
        this.kill = kill;
        this.patience = patience;
    }

    /** Removes the directories that are empty, and tells whether that were all; missing ones are fine. */
    boolean removeIfEmpty(List<Path> directories) {
        boolean all = true;
        for (Path directory : directories) {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                // EBUSY: a process or a child is still there.
                all = false;
            }
        }
        return all;
    }

    /** Kills everything in the directories and below them, and returns when all are empty. */
    void kill(List<Path> directories) {
        boolean done = untilTrue(() -> {
            boolean empty = true;
            for (Path directory : directories) {
                empty &= killOnce(directory);
            }
            return empty;
        });
        if (!done) {
            Set<Integer> left = new TreeSet<>();
            directories.forEach(directory -> collect(directory, left));
            throw new SystemFailure("kill the processes " + left, "they do not end",
                    "they may wait for a disk or a network file system; /proc/PID/stack tells");
        }
    }

    /**
     * Removes the directories and those below; missing ones are fine. A process that is dying keeps its cgroup for a
     * moment.
     */
    void remove(List<Path> directories) {
        for (Path directory : directories) {
            if (!untilTrue(() -> removeOnce(directory))) {
                throw new SystemFailure("remove the cgroup '" + directory + "'", "it is still in use", "try again");
            }
        }
    }

    /** True where it was empty already. The whole of a version 2 cgroup dies at one word, from Linux 5.14 on. */
    private boolean killOnce(Path directory) {
        Set<Integer> pids = new TreeSet<>();
        collect(directory, pids);
        if (pids.isEmpty()) {
            return true;
        }
        Path all = directory.resolve("cgroup.kill");
        if (Files.exists(all)) {
            try {
                CgroupFiles.write(all, "1");
                return false;
            } catch (IOException e) {
                // Gone meanwhile; the next look tells.
            }
        }
        // 0 is a process of another pid namespace: not ours to kill.
        pids.stream().filter(pid -> pid > 0).forEach(kill::accept);
        return false;
    }

    private static void collect(Path directory, Set<Integer> pids) {
        CgroupFiles.read(directory.resolve("cgroup.procs")).lines().map(Integer::valueOf).forEach(pids::add);
        CgroupFiles.children(directory).forEach(child -> collect(child, pids));
    }

    /** rmdir(2), from the leaves up. EBUSY: a process or a child is still there. */
    private static boolean removeOnce(Path directory) {
        try {
            Files.delete(directory);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (FileSystemException e) {
            CgroupFiles.children(directory).forEach(Inhabitants::removeOnce);
            return false;
        } catch (IOException e) {
            throw new SystemFailure("remove the cgroup '" + directory + "'", FileFailures.reason(e), "", e);
        }
    }

    private interface Attempt {
        boolean succeeds();
    }

    private boolean untilTrue(Attempt attempt) {
        long end = System.nanoTime() + patience.toNanos();
        for (long wait = FIRST_WAIT_NANOS; !attempt.succeeds(); wait = Math.min(2 * wait, LONGEST_WAIT_NANOS)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(wait);
        }
        return true;
    }
}
