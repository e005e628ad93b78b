package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * Ends what lives in a cgroup, and then the cgroup. Version 1 tells nobody that a cgroup has become empty, so both look
 * again and again, and give up after a time.
 */
final class Inhabitants {

    private static final Duration FIRST_WAIT = Duration.of(500, ChronoUnit.MICROS);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(50);

    private final IntConsumer kill;
    private final Poll poll;

    /**
     * @param kill sends SIGKILL; a process that is gone is fine
     * @param patience for each of the two
     */
    Inhabitants(IntConsumer kill, Duration patience) {
        this.kill = kill;
        this.poll = new Poll(FIRST_WAIT, LONGEST_WAIT, patience);
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
        boolean done = poll.until(() -> {
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
            if (!poll.until(() -> removeOnce(directory))) {
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
}
