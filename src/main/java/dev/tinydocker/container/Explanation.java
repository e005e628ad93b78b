package dev.tinydocker.container;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.plan.Outcome;
import dev.tinydocker.plan.ShimStep;

import java.util.List;
import java.util.function.Consumer;

/**
 * Tells a user what is done for a container's start, with the time that it took. Engine, shim and child read one clock
 * (CLOCK_MONOTONIC), so that what is told is one line of time without gaps: what one of them ended, the next one began.
 * Used by one thread after the other.
 */
public final class Explanation {

    /**
     * @param phase what it is part of, in a word
     * @param what and {@code why}, the two halves of one sentence
     * @param beside done while others went on: its time is among theirs
     */
    public record Entry(String who, String phase, String what, String why, List<KernelCall> calls, long nanos,
            boolean beside) {
    }

    private final Consumer<Entry> told;
    private final long begin = System.nanoTime();
    private long mark = begin;
    private long shimBegan;
    private long childBegan;
    private List<Outcome> outcomes = List.of();

    /** @param told is given each entry when it is known */
    public Explanation(Consumer<Entry> told) {
        this.told = told;
    }

    /** What the engine has done since it told of something. */
    void engine(String phase, String what, String why) {
        entry("engine", phase, what, why, List.of(), System.nanoTime());
    }

    void step(HostStep step) {
        entry(step.who(), step.phase(), step.what(), step.why(), step.calls(), System.nanoTime());
    }

    void beside(String phase, String what, String why, long nanos) {
        told.accept(new Entry("engine", phase, what, why, List.of(), nanos, true));
    }

    void times(long shim, long child, List<Outcome> became) {
        shimBegan = shim;
        childBegan = child;
        outcomes = became;
    }

    /** What shim and child have done, and how the engine came to hear of it. */
    void shim(List<ShimStep> plan, int[] nanoseconds) {
        long heard = System.nanoTime();
        entry("engine", "shim", "start the shim and give it the plan", "because a JVM can do nothing between clone and "
                + "execve", List.of(new KernelCall("posix_spawn", List.of("\"tiny-shim\""))), shimBegan);
        boolean born = false;
        for (int i = 0; i < plan.size() && i < nanoseconds.length; i++) {
            ShimStep step = plan.get(i);
            if (!born && step.who().equals("child")) {
                born = true;
                entry("child", "namespaces", "come to life", "as a copy of the shim in namespaces of its own",
                        List.of(), childBegan);
            }
            Outcome outcome = i < outcomes.size() ? outcomes.get(i) : Outcome.AS_PLANNED;
            String what = step.what() + (outcome == Outcome.NOTHING ? ": not on this kernel" : "");
            entry(step.who(), step.phase(), what, step.why(), step.calls(outcome),
                    mark + Integer.toUnsignedLong(nanoseconds[i]));
        }
        entry("engine", "shim", "hear that the program runs", "from the shim, which saw its socket close at execve",
                List.of(), heard);
    }

    private void entry(String who, String phase, String what, String why, List<KernelCall> calls, long until) {
        told.accept(new Entry(who, phase, what, why, calls, Math.max(0, until - mark), false));
        mark = Math.max(mark, until);
    }

    /** From the wish to what was told last. */
    public long nanos() {
        return mark - begin;
    }
}
