package dev.tinydocker.plan;

import java.util.List;

/**
 * One kernel operation of a container's making. Either the engine does it on the host ({@link HostStep}), before the
 * container's first instruction, or into the container's network ({@link LinksStep}), or the shim does ({@link
 * ShimStep}), between clone and execve.
 */
public sealed interface Step permits HostStep, LinksStep, ShimStep {

    /** What is done, in a few words, as a user reads it. */
    String what();

    /** Why it is done, as the end of the same sentence. */
    String why();

    /** Who does it: {@code engine}, {@code shim} or {@code child}, which becomes the container's process. */
    String who();

    /** Which part of the making it belongs to, in a word. */
    String phase();

    /** The system calls it leads to. */
    List<KernelCall> calls();

    /** What is done and why, one sentence. */
    default String sentence() {
        return what() + ", " + why();
    }
}
