package dev.tinydocker.image;

import dev.tinydocker.archive.LayerReader;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** Puts files on the disk for several threads at once: those that come while it is busy share the next time. */
final class Disk {

    private final ReentrantLock busy = new ReentrantLock();
    private long asked;
    private long settled;

    /** When this returns, all that the calling thread has written to the directory's file system is on the disk. */
    void settle(Path directory) {
        long mine = ask();
        busy.lock();
        try {
            if (settled < mine) {
                long all = latest();
                LayerReader.sync(directory);
                settled = all;
            }
        } finally {
            busy.unlock();
        }
    }

    private synchronized long ask() {
        return ++asked;
    }

    private synchronized long latest() {
        return asked;
    }
}
