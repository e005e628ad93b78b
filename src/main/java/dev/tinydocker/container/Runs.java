package dev.tinydocker.container;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.metrics.EngineCounts.Phase;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.NextLeases;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.plan.ShellScript;
import dev.tinydocker.plan.ShellScript.Port;
import dev.tinydocker.plan.ShellScript.Subject;
import dev.tinydocker.plan.Step;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** From a wish to a running container, to its plan, or to a script of that. */
@Component
class Runs implements Scripts {

    private final Creator creator;
    private final Starter starter;
    private final NextLeases nextLeases;
    private final Layout layout;
    private final EngineCounts counts;

    Runs(Creator creator, Starter starter, NextLeases nextLeases, Layout layout, EngineCounts counts) {
        this.creator = creator;
        this.starter = starter;
        this.nextLeases = nextLeases;
        this.layout = layout;
        this.counts = counts;
    }

    /** @param explanation told of each step, null where nobody wants to know */
    Live run(ContainerSpec spec, @Nullable Stdio stdio, Consumer<String> notice, @Nullable Explanation explanation) {
        long begin = System.nanoTime();
        try (EarlyShim shim = starter.early(explanation)) {
            Creator.Created created = creator.create(shim.id(), spec, notice, explanation, shim::begin);
            counts.phase(Phase.CREATE).add(System.nanoTime() - begin);
            Live started = starter.start(created.container(), created.root(), shim, stdio, notice, explanation);
            counts.phase(Phase.TOTAL).add(System.nanoTime() - begin);
            return started;
        }
    }

    List<Step> plan(ContainerSpec spec, Consumer<String> notice) {
        Creator.Created wanted = creator.planned(spec, notice);
        Container container = wanted.container();
        List<Lease> leases = nextLeases.of(container.id(), container.names(), container.spec().network());
        ComposedPlan plan = starter.plan(container, wanted.root(), leases);
        plan.warnings().forEach(notice);
        List<Step> steps = new ArrayList<>(plan.hostSteps());
        if (!leases.isEmpty()) {
            notice.accept("addresses in this plan are those that come next: nobody has them before a start");
            steps.add(Connecting.foreseen(container, leases));
        }
        steps.addAll(plan.shim());
        return steps;
    }

    @Override
    public String script(ContainerSpec spec, String command, Consumer<String> notice) {
        Creator.Created wanted = creator.planned(spec, notice);
        // Its links and addresses are the script's own.
        ComposedPlan plan = starter.plan(wanted.container(), wanted.root(), List.of());
        plan.warnings().forEach(notice);
        String id = wanted.container().id();
        NetworkWish network = wanted.container().spec().network();
        int links = network.mode().isConnected() ? network.endpoints().size() : 0;
        List<Port> ports = links == 0 ? List.of() : network.published().stream()
                .filter(port -> isPublished(port, notice)).map(Runs::port).toList();
        return ShellScript.of(new Subject(command, id, layout.containerRun(id), layout.containerData(id), links,
                ports), plan.host(), plan.shim());
    }

    private static boolean isPublished(PublishedPort port, Consumer<String> notice) {
        if (port.address() == null) {
            notice.accept("the script does not publish " + port.outside() + ": its networks are of IPv4");
        }
        return port.address() != null;
    }

    private static Port port(PublishedPort port) {
        return new Port(port.protocol().word(), Ipv4.ANY.equals(port.address()) ? "" : port.host(), port.hostPort(),
                port.containerPort());
    }
}
