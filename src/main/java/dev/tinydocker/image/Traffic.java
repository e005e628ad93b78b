package dev.tinydocker.image;

/**
 * Keeps what is on its way in from being cleaned up: nothing is swept while something is brought in, and nothing is
 * brought in while it is swept.
 */
class Traffic {

    private int coming;
    private boolean wanted;

    /** Something that is on its way in, until it is closed. */
    interface Entry extends AutoCloseable {
        @Override
        void close();
    }

    /** @param sweep what was put off meanwhile, done by whoever is the last */
    synchronized Entry enter(Runnable sweep) {
        coming++;
        return () -> leave(sweep);
    }

    private synchronized void leave(Runnable sweep) {
        if (--coming == 0 && wanted) {
            wanted = false;
            sweep.run();
        }
    }

    /** Does it if nothing is on its way in, and else not at all. */
    synchronized void ifIdle(Runnable deed) {
        if (coming == 0) {
            deed.run();
        }
    }

    /** Sweeps now, or when nothing is on its way in any more. */
    synchronized void sweep(Runnable sweep) {
        if (coming == 0) {
            sweep.run();
        } else {
            wanted = true;
        }
    }
}
