package dev.tinydocker.container;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.plan.Outcome;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.plan.Step;
import dev.tinydocker.shim.StepTimes;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
     * @param end how it ended, where it was not done; else empty
     */
    public record Entry(String who, String phase, String what, String why, List<KernelCall> calls, long nanos,
            boolean beside, String end) {
    }

    /** Before the reason why a step was not done. */
    static final String FAILED = "FAILED: ";
    /** How that ends which is not at fault. */
    static final String ENDED = "ended by the engine, of whose steps one has failed";

    private static final String COMMAND = "command";
    private static final String ENGINE = "engine";
    private static final String SHIM = "shim";
    private static final String SPAWN = "start the shim and give it the plan";
    private static final String WHY_SPAWN = "because a JVM can do nothing between clone and execve";

    private final Consumer<List<Entry>> told;
    private final long begin;
    private long mark;
    private long telling;
    private long shimStarts;
    private @Nullable StepTimes times;
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
                List.of(), heard, "");
        explanation.engine(COMMAND, "take the words of the command apart", "so that it is known what is wanted");
        return explanation;
    }

    /** Tells it to somebody who may not want to know. */
    static void tell(@Nullable Explanation explanation, String phase, String what, String why) {
        if (explanation != null) {
            explanation.engine(phase, what, why);
        }
    }

    /** Does what is one step of the engine's, and tells it to somebody who may not want to know; also that it fails. */
    static <T> T step(@Nullable Explanation explanation, String phase, String what, String why, Supplier<T> deed) {
        T done;
        try {
            done = deed.get();
        } catch (ImageMissing e) {
            // It is pulled, and the step done again.
            throw e;
        } catch (RuntimeException e) {
            failed(explanation, phase, what, why, e);
            throw e;
        }
        tell(explanation, phase, what, why);
        return done;
    }

    /** Tells it to somebody who may not want to know. */
    static void tell(@Nullable Explanation explanation, HostStep step) {
        if (explanation != null) {
            explanation.engine(step.phase(), step.what(), step.why(), step.calls(), "");
        }
    }

    /** Tells of a step that has failed, to somebody who may not want to know. @param reason with errno by name */
    static void failed(@Nullable Explanation explanation, HostStep step, String reason) {
        if (explanation != null) {
            explanation.engine(step.phase(), step.what(), step.why(), step.calls(), FAILED + reason);
        }
    }

    private static void failed(@Nullable Explanation explanation, String phase, String what, String why,
            Exception failure) {
        if (explanation != null) {
            explanation.engine(phase, what, why, List.of(), FAILED + FileFailures.reasonWithFile(failure));
        }
    }

    /** Tells that there is no shim, to somebody who may not want to know. */
    static void noShim(@Nullable Explanation explanation, Exception failure) {
        failed(explanation, SHIM, SPAWN, WHY_SPAWN, failure);
    }

    /** What the engine has done since it told of something. */
    private void engine(String phase, String what, String why) {
        engine(phase, what, why, List.of(), "");
    }

    private void engine(String phase, String what, String why, List<KernelCall> calls, String end) {
        long now = System.nanoTime();
        entry(ENGINE, phase, what, why, calls, now, end);
        tell();
        toldSince(now);
    }

    /**
     * What was done while the child did its part: told with that, since the child may wait for who would tell. On any
     * thread, before {@link #ran} or {@link #failed}.
     *
     * @param end how it ended, where it was not done
     */
    void beside(Step step, long nanos, String end) {
        besides.add(new Entry(step.who(), step.phase(), step.what(), step.why(), step.calls(), nanos, true, end));
    }

    /** From here on shim and child do what comes before {@link ShimStep.AwaitHost} while the engine goes on. */
    void shimStarts() {
        shimStarts = System.nanoTime();
    }

    void times(StepTimes when) {
        times = when;
    }

    /** What shim and child have done, and how the engine came to hear of it. */
    void ran(List<ShimStep> plan) {
        if (times != null) {
            steps(plan, plan.size(), times, "");
        }
        heard("hear that the program runs", "from the shim, which saw its socket close at execve");
    }

    /**
     * The same of a plan that was not done to its end.
     *
     * @param index of the step that was the last
     * @param end how that ended
     */
    void failed(List<ShimStep> plan, int index, String end) {
        if (times == null || index >= plan.size()) {
            // The shim has not begun with it.
            entry(ENGINE, SHIM, SPAWN, WHY_SPAWN, List.of(), System.nanoTime(), end);
        } else {
            steps(plan, index, times, end);
        }
        heard("hear how the process has ended", "with which its namespaces are gone, and what was mounted and linked there");
    }

    private void heard(String what, String why) {
        long heard = System.nanoTime();
        entry(ENGINE, SHIM, what, why, List.of(), heard, "");
        tell();
        toldSince(heard);
    }

    /** @param last that which was not done, as {@code end} says; the plan's size where all was done */
    private void steps(List<ShimStep> plan, int last, StepTimes when, String end) {
        boolean held = plan.stream().anyMatch(ShimStep.AwaitHost.class::isInstance);
        List<KernelCall> calls = List.of(new KernelCall("posix_spawn", List.of("\"tiny-shim\"")));
        part(held, new Entry(ENGINE, SHIM, SPAWN, WHY_SPAWN, calls, 0, false, ""), shimStarts, when.shimBegan());
        known.addAll(besides);
        boolean born = false;
        long until = when.shimBegan();
        for (int i = 0; i < plan.size() && i < when.nanos().size(); i++) {
            ShimStep step = plan.get(i);
            if (i != last && !isDone(step, i, last, when)) {
                continue;
            }
            long from = until;
            until += when.nanos().get(i);
            if (step instanceof ShimStep.Clone && when.childBegan() != 0) {
                // The child may be well on its way when the shim comes back from clone3.
                until = Math.min(until, when.childBegan());
            }
            if (!born && step.who().equals("child") && when.childBegan() != 0) {
                born = true;
                part(held, birth(plan), from, when.childBegan());
                from = when.childBegan();
                until = when.childBegan() + when.nanos().get(i);
            }
            Outcome outcome = when.outcomes().get(i);
            String reason = outcome == Outcome.NOTHING ? "which is not on this kernel" : step.why();
            held &= !(step instanceof ShimStep.AwaitHost);
            part(held, new Entry(step.who(), step.phase(), step.what(), reason, step.calls(outcome), 0, false,
                    i == last ? end : ""), from, until);
        }
    }

    /**
     * Whether a step was done before the last one. Of a plan that joins a process the shim does half of that before the
     * clone, and where it joins as the shim's step, the child does the other half first of all.
     */
    private static boolean isDone(ShimStep step, int index, int last, StepTimes when) {
        boolean shims = !step.who().equals("child");
        return when.childBegan() == 0 ? shims && index < last && !(step instanceof ShimStep.Clone)
                : shims || index < last;
    }

    private static Entry birth(List<ShimStep> plan) {
        boolean apart = plan.stream().anyMatch(each -> each instanceof ShimStep.Clone made && made.flags() != 0);
        return new Entry("child", "namespaces", "come to life",
                "as a copy of the shim" + (apart ? " in namespaces of its own" : ""), List.of(), 0, false, "");
    }

    /** What was done while the engine did its half is beside that, as far as it did not take longer. */
    private void part(boolean beside, Entry entry, long from, long until) {
        if (beside && until <= mark) {
            known.add(new Entry(entry.who, entry.phase, entry.what, entry.why, entry.calls,
                    Math.max(0, until - from), true, entry.end));
        } else {
            entry(entry.who, entry.phase, entry.what, entry.why, entry.calls, until, entry.end);
        }
    }

    private void entry(String who, String phase, String what, String why, List<KernelCall> calls, long until,
            String end) {
        known.add(new Entry(who, phase, what, why, calls, Math.max(0, until - mark), false, end));
        mark = Math.max(mark, until);
    }

    private void tell() {
        List<Entry> now = List.copyOf(known);
        known.clear();
        told.accept(now);
    }

    private void toldSince(long then) {
        mark = System.nanoTime();
        telling += mark - then;
    }

    /** Asks for an image of a registry, or of the catalogue, and tells of that. */
    public <T> T pulling(Supplier<T> pull) {
        return step(this, "image", "pull the image", "which is not here yet", pull);
    }

    /** Tells how long it took to tell all that, with the way back to who asked. Once, last. */
    public void end() {
        toldSince(mark);
        known.add(new Entry(ENGINE, "telling", "write these lines", "which is not done without --explain",
                List.of(), telling, false, ""));
        tell();
    }

    /** From the wish, or the client's call, to what was told last. */
    public long nanos() {
        return mark - begin;
    }
}
