package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.container.Explanation.Entry;
import dev.tinydocker.plan.ShimStep;
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
        explanation.times(now, now, List.of());
        explanation.beside("network", "lead ports", "while the child mounts", List.of(), 1000);
        explanation.shim(List.of(new ShimStep.AwaitHost(), new ShimStep.AwaitHost()), new int[] { 1000, 2000 });
        assertThat(heard).singleElement().satisfies(entries -> assertThat(entries).extracting(Entry::who)
                .containsExactly("engine", "engine", "child", "child", "child", "engine"));
        explanation.end();
        assertThat(heard).hasSize(2).last().satisfies(entries -> assertThat(entries).singleElement()
                .extracting(Entry::phase).isEqualTo("telling"));
    }
}
