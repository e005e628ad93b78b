package dev.tinydocker.container;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.plan.Outcome;
import dev.tinydocker.plan.ShimStep;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells a user what is done for the start of a container, or of a process in one, with the time that it took. Engine,
 * shim and child read one clock (CLOCK_MONOTONIC), so that what is told is one line of time without gaps: what one of
 * them ended, the next one began. To tell takes time too, which is no step's: it is told in the end. Used by one thread
 * after the other, but for what is {@link #beside}.
 */
public final class Explanation {

    /**
     * One step.
     *
     * @param phase what it is part of, in a word
     * @param what and {@code why}, the two halves of one sentence
     * @param beside done while others went on: its time is among theirs
     */
    public record Entry(String who, String phase, String what, String why, List<KernelCall> calls, long nanos,
            boolean beside) {
    }

    private static final String COMMAND = "command";

    private final Consumer<List<Entry>> told;
    private final long begin;
    private long mark;
    private long telling;
    private long shimStarts;
    private long shimBegan;
    private long childBegan;
    private List<Outcome> outcomes = List.of();
    private final List<Entry> besides = new ArrayList<>();
    /** Known, and not told yet: who hears of many at once can write them at once, which takes much less. */
    private final List<Entry> known = new ArrayList<>();

    /** @param told is given entries when they are known, those together that become known together */
    public Explanation(Consumer<List<Entry>> told) {
        this(told, System.nanoTime());
    }

    private Explanation(Consumer<List<Entry>> told, long begin) {
        this.told = told;
        this.begin = begin;
        mark = begin;
    }

    /**
     * One that begins where a client was called.
     *
     * @param since when that was, in nanoseconds of CLOCK_MONOTONIC
     * @param heard when its request had come, by the same clock
     */
    public static Explanation asked(Consumer<List<Entry>> told, long since, long heard) {
        Explanation explanation = new Explanation(told, since);
        explanation.entry("client", COMMAND, "begin and ask the engine", "which is started where none runs",
                List.of(), heard);
        explanation.engine(COMMAND, "take the words of the command apart", "so that it is known what is wanted");
        return explanation;
    }

    /** Tells it to somebody who may not want to know. */
    static void tell(@Nullable Explanation explanation, String phase, String what, String why) {
        if (explanation != null) {
            explanation.engine(phase, what, why);
        }
    }

    /** Told of the host's steps, for somebody who may not want to know. */
    static Consumer<HostStep> steps(@Nullable Explanation explanation) {
        return explanation == null ? _ -> { } : explanation::step;
    }

    /** What the engine has done since it told of something. */
    private void engine(String phase, String what, String why) {
        engine(phase, what, why, List.of());
    }

    private void step(HostStep step) {
        engine(step.phase(), step.what(), step.why(), step.calls());
    }

    private void engine(String phase, String what, String why, List<KernelCall> calls) {
        long now = System.nanoTime();
        entry("engine", phase, what, why, calls, now);
        tell();
        toldSince(now);
    }

    /**
     * What was done while the child did its part: told with that, since the child may wait for who would tell. On any
     * thread, before {@link #shim}.
     */
    void beside(String phase, String what, String why, List<KernelCall> calls, long nanos) {
        besides.add(new Entry("engine", phase, what, why, calls, nanos, true));
    }

    /** From here on shim and child do what comes before {@link ShimStep.AwaitHost} while the engine goes on. */
    void shimStarts() {
        shimStarts = System.nanoTime();
    }

    void times(long shim, long child, List<Outcome> became) {
        shimBegan = shim;
        childBegan = child;
        outcomes = became;
    }

    /** What shim and child have done, and how the engine came to hear of it. */
    void shim(List<ShimStep> plan, int[] nanoseconds) {
        long heard = System.nanoTime();
        boolean held = plan.stream().anyMatch(ShimStep.AwaitHost.class::isInstance);
        String spawn = "start the shim and give it the plan";
        String why = "because a JVM can do nothing between clone and execve";
        List<KernelCall> calls = List.of(new KernelCall("posix_spawn", List.of("\"tiny-shim\"")));
        part(held, "engine", "shim", spawn, why, calls, shimStarts, shimBegan);
        known.addAll(besides);
        boolean born = false;
        long until = shimBegan;
        for (int i = 0; i < plan.size() && i < nanoseconds.length; i++) {
            ShimStep step = plan.get(i);
            long from = until;
            until += Integer.toUnsignedLong(nanoseconds[i]);
            if (step instanceof ShimStep.Clone) {
                // The child may be well on its way when the shim comes back from clone3.
                until = Math.min(until, childBegan);
            }
            if (!born && step.who().equals("child")) {
                born = true;
                boolean apart = plan.stream().anyMatch(each -> each instanceof ShimStep.Clone made
                        && made.flags() != 0);
                part(held, "child", "namespaces", "come to life", "as a copy of the shim"
                        + (apart ? " in namespaces of its own" : ""), List.of(), from, childBegan);
                from = childBegan;
                until = childBegan + Integer.toUnsignedLong(nanoseconds[i]);
            }
            Outcome outcome = i < outcomes.size() ? outcomes.get(i) : Outcome.AS_PLANNED;
            String reason = outcome == Outcome.NOTHING ? "which is not on this kernel" : step.why();
            held &= !(step instanceof ShimStep.AwaitHost);
            part(held, step.who(), step.phase(), step.what(), reason, step.calls(outcome), from, until);
        }
        entry("engine", "shim", "hear that the program runs", "from the shim, which saw its socket close at execve",
                List.of(), heard);
        tell();
        toldSince(heard);
    }

    /** What was done while the engine did its half is beside that, as far as it did not take longer. */
    private void part(boolean beside, String who, String phase, String what, String why, List<KernelCall> calls,
            long from, long until) {
        if (beside && until <= mark) {
            known.add(new Entry(who, phase, what, why, calls, Math.max(0, until - from), true));
        } else {
            entry(who, phase, what, why, calls, until);
        }
    }

    private void entry(String who, String phase, String what, String why, List<KernelCall> calls, long until) {
        known.add(new Entry(who, phase, what, why, calls, Math.max(0, until - mark), false));
        mark = Math.max(mark, until);
    }

    private void tell() {
        told.accept(List.copyOf(known));
        known.clear();
    }

    private void toldSince(long then) {
        mark = System.nanoTime();
        telling += mark - then;
    }

    /** An image was asked of a registry, or of the catalogue. */
    public void pulled() {
        engine("image", "pull the image", "which is not here yet");
    }

    /** Tells how long it took to tell all that, with the way back to who asked. Once, last. */
    public void end() {
        toldSince(mark);
        known.add(new Entry("engine", "telling", "write these lines", "which is not done without --explain",
                List.of(), telling, false));
        tell();
    }

    /** From the wish, or the client's call, to what was told last. */
    public long nanos() {
        return mark - begin;
    }
}
