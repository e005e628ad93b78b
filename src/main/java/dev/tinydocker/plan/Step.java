package dev.tinydocker.plan;

/**
 * One kernel operation of a container's making. Either the engine does it on the host ({@link HostStep}), before the
 * container's first instruction, or the shim does ({@link ShimStep}), between clone and execve.
 */
public sealed interface Step permits HostStep, ShimStep {

    /** What is done, in a few words, as a user reads it. */
    String what();

    /** Why it is done, as the end of the same sentence. */
    String why();

    /** What is done and why, one sentence. */
    default String sentence() {
        return what() + ", " + why();
    }
}
