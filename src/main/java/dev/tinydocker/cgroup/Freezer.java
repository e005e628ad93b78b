package dev.tinydocker.cgroup;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * Stops all processes of a cgroup at once and lets them go on. A process stops when it next returns from the kernel, so
 * who stops them waits until the kernel says that it is done.
 *
 * @param order what is written to
 * @param frozen the word for stopping
 * @param thawed the word for going on
 * @param state what tells that it is done
 * @param proof the line of {@code state} that says so
 */
record Freezer(Path order, String frozen, String thawed, Path state, String proof) {

    private static final Poll POLL = new Poll(Duration.of(200, ChronoUnit.MICROS), Duration.ofMillis(20),
            Duration.ofSeconds(10));

    /** freezer-subsystem in the kernel's documentation of version 1. */
    static Freezer v1(Path directory) {
        Path state = directory.resolve("freezer.state");
        return new Freezer(state, "FROZEN", "THAWED", state, "FROZEN");
    }

    /** cgroups(7), version 2; Linux 5.2. */
    static Freezer v2(Path directory) {
        return new Freezer(directory.resolve("cgroup.freeze"), "1", "0", directory.resolve("cgroup.events"),
                "frozen 1");
    }

    boolean isFrozen() {
        return CgroupFiles.read(state).lines().anyMatch(proof::equals);
    }

    /** Returns when no process of it runs; a cgroup that is gone has none. */
    void freeze() {
        if (!Files.exists(order)) {
            return;
        }
        write(frozen);
        if (!POLL.until(() -> isFrozen() || !Files.exists(order), Thread.currentThread()::isInterrupted)) {
            thaw();
            throw new SystemFailure("freeze the processes of '" + order.getParent() + "'", "they do not stop",
                    "they may wait for a disk or a network file system; /proc/PID/stack tells");
        }
    }

    /** Also for one who is interrupted: nobody else would. A cgroup that is gone is fine. */
    void thaw() {
        boolean interrupted = Thread.interrupted();
        try {
            if (Files.exists(order)) {
                write(thawed);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(String word) {
        try {
            CgroupFiles.write(order, word);
        } catch (IOException e) {
            if (Files.exists(order)) {
                throw new SystemFailure("write '" + word + "' to '" + order + "'", FileFailures.reason(e), "", e);
            }
        }
    }
}
