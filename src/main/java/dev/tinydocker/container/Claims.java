package dev.tinydocker.container;

import org.springframework.stereotype.Component;

import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Keeps the files that a container is being made of from being removed before it is on record. Who looks for files asks
 * first how much was removed so far, and looks again where that has changed when the container is to be recorded. In
 * memory, since an engine is alone with its record: a start pays for a lock that nobody holds.
 */
@Component
class Claims {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile long removals;

    /** To be asked before one looks for files. */
    long removals() {
        return removals;
    }

    /**
     * Puts on record who uses the files that were found.
     *
     * @param before what {@link #removals} said before they were looked for
     * @return empty where something was removed since then, perhaps these files, and nothing was recorded
     */
    <T> Optional<T> record(long before, Supplier<T> insert) {
        lock.readLock().lock();
        try {
            return removals == before ? Optional.of(insert.get()) : Optional.empty();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Asks the record who uses what, and removes from sight what nobody does; short, since starts wait for it. */
    void remove(Runnable removal) {
        lock.writeLock().lock();
        try {
            removal.run();
        } finally {
            // Counted afterwards: who looked while it went on may have seen what is gone now.
            removals++;
            lock.writeLock().unlock();
        }
    }
}
