package dev.tinydocker.cgroup;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Looks again and again whether something is so that the kernel tells nobody of, after moments that grow.
 *
 * @param first the moment after the first look; each further one is twice as long
 * @param longest what no moment grows beyond
 * @param patience after which nobody looks again
 */
record Poll(Duration first, Duration longest, Duration patience) {

    /** Blocks until it is so; false where it is not after {@code patience}. An interrupt does not end it. */
    boolean until(BooleanSupplier done) {
        return until(done, () -> false);
    }

    /** The same. @param givenUp asked after each look in vain: true ends it too */
    boolean until(BooleanSupplier done, BooleanSupplier givenUp) {
        long end = System.nanoTime() + patience.toNanos();
        for (long wait = first.toNanos(); !done.getAsBoolean(); wait = Math.min(2 * wait, longest.toNanos())) {
            if (System.nanoTime() - end > 0 || givenUp.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(wait);
        }
        return true;
    }
}
