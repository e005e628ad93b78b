package dev.tinydocker.lima;

import java.nio.file.Path;
import java.util.List;

/**
 * A step of {@code setup lima}; it can be repeated, and does nothing where all is done.
 *
 * @param what is true once it has ended
 * @param commands that it may execute, as a person would type them
 */
record SetupStep(String what, List<String> commands, Deed deed) {

    /** What is done. */
    @FunctionalInterface
    interface Deed {

        /**
         * Does it, and returns what is to be told of it; empty where there is nothing to tell.
         *
         * @param log what programs say is added to it
         * @throws dev.tinydocker.problem.Problem where it cannot be done
         */
        String run(Path log);
    }
}
