package dev.tinydocker.container;

import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.metrics.EngineCounts.Phase;
import dev.tinydocker.plan.Step;
import dev.tinydocker.shim.Stdio;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** From a wish to a running container, or to its plan. */
@Component
class Runs {

    private final Creator creator;
    private final Starter starter;
    private final EngineCounts counts;

    Runs(Creator creator, Starter starter, EngineCounts counts) {
        this.creator = creator;
        this.starter = starter;
        this.counts = counts;
    }

    /** @param explanation told of each step, null where nobody wants to know */
    Live run(ContainerSpec spec, @Nullable Stdio stdio, Consumer<String> notice, @Nullable Explanation explanation) {
        long begin = System.nanoTime();
        Creator.Created created = creator.create(spec, notice);
        if (explanation != null) {
            explanation.engine("record", "find the image and record that the container starts",
                    "because intent is on record before the deed");
        }
        counts.phase(Phase.CREATE).add(System.nanoTime() - begin);
        Live started = starter.start(created.container(), created.root(), stdio, notice, explanation);
        counts.phase(Phase.TOTAL).add(System.nanoTime() - begin);
        return started;
    }

    List<Step> plan(ContainerSpec spec, Consumer<String> notice) {
        Creator.Created wanted = creator.planned(spec, notice);
        ComposedPlan plan = starter.plan(wanted.container(), wanted.root());
        plan.warnings().forEach(notice);
        if (wanted.container().spec().network().mode().isConnected()) {
            notice.accept("links and addresses are not in this plan: no address is taken before a start");
        }
        return Stream.<Step>concat(plan.host().stream(), plan.shim().stream()).toList();
    }
}
