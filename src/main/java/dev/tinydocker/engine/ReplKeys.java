package dev.tinydocker.engine;

import dev.tinydocker.linux.StandardInput;

/** What is typed, for one who must look before reading: what is read is gone for the next reader. */
interface ReplKeys {

    /**
     * The terminal on descriptor 0. Not through JLine: its streams learn of a key only by taking it, and never of
     * Ctrl-D.
     */
    ReplKeys STANDARD_INPUT = new ReplKeys() {
        @Override
        public boolean await(int millis) {
            return StandardInput.await(millis);
        }

        @Override
        public int read(byte[] bytes, int length) {
            return StandardInput.read(bytes, length);
        }
    };

    /** Waits until something can be read, or the end has come; false where nothing came in that time. */
    boolean await(int millis);

    /** Reads what is there, as far as it fits; 0 at the end. */
    int read(byte[] bytes, int length);
}
