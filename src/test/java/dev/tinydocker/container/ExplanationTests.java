package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.container.Explanation.Entry;
import dev.tinydocker.plan.LinksStep;
import dev.tinydocker.plan.Outcome;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.shim.StepTimes;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ExplanationTests {

    /** Each time something is told, a client is woken: for what comes together that is once. */
    @Test
    void whatShimAndChildHaveDoneIsToldAtOnce() {
        List<List<Entry>> heard = new ArrayList<>();
        Explanation explanation = new Explanation(heard::add);
        explanation.shimStarts();
        long now = System.nanoTime();
        explanation.times(new StepTimes(now, now, List.of(1000L, 2000L), List.of(Outcome.AS_PLANNED, Outcome.AS_PLANNED)));
        explanation.beside(new LinksStep("lead ports", List.of()), 1000, "");
        explanation.ran(List.of(new ShimStep.AwaitHost(), new ShimStep.AwaitHost()));
        assertThat(heard).singleElement().satisfies(entries -> assertThat(entries).extracting(Entry::who)
                .containsExactly("engine", "engine", "child", "child", "child", "engine"));
        explanation.end();
        assertThat(heard).hasSize(2).last().satisfies(entries -> assertThat(entries).singleElement()
                .extracting(Entry::phase).isEqualTo("telling"));
    }

    private static final String WHY = Explanation.FAILED + "EPERM (Operation not permitted)";
    private static final List<ShimStep> PLAN = List.of(new ShimStep.Stdio(false, false, false, 0, 0),
            new ShimStep.Clone(0, ""), new ShimStep.Join(1, 2, 0), new ShimStep.AwaitHost(), new ShimStep.Pivot());

    /** A step, as who did it and how it ended. */
    private static List<String> told(boolean born, int last) {
        List<Entry> heard = new ArrayList<>();
        Explanation explanation = new Explanation(heard::addAll);
        explanation.shimStarts();
        long now = System.nanoTime();
        explanation.times(new StepTimes(now, born ? now : 0, PLAN.stream().map(_ -> 1000L).toList(),
                PLAN.stream().map(_ -> Outcome.AS_PLANNED).toList()));
        explanation.failed(PLAN, last, WHY);
        return heard.stream().map(entry -> entry.what().replaceAll(" .*", "") + entry.end()).toList();
    }

    @Test
    void whatWasDoneBeforeAFailureIsToldAndNothingElse() {
        assertThat(told(false, 0)).containsExactly("start", "make" + WHY, "hear");
        assertThat(told(false, 1)).containsExactly("start", "make", "clone" + WHY, "hear");
        assertThat(told(true, 3)).containsExactly("start", "make", "clone", "come", "join", "wait" + WHY, "hear");
    }

    /** The shim joins a PID namespace before the clone, the child all else after it. */
    @Test
    void aJoinFailsInTheShimOrInTheChild() {
        assertThat(told(false, 2)).containsExactly("start", "make", "join" + WHY, "hear");
        assertThat(told(true, 2)).containsExactly("start", "make", "clone", "come", "join" + WHY, "hear");
    }

    @Test
    void aPlanThatNoShimHasBegunIsNotTold() {
        List<Entry> heard = new ArrayList<>();
        new Explanation(heard::addAll).failed(PLAN, 4, WHY);
        assertThat(heard).extracting(Entry::who).containsExactly("engine", "engine");
        assertThat(heard.getFirst().end()).isEqualTo(WHY);
    }
}
