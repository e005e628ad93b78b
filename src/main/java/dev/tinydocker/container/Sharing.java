package dev.tinydocker.container;

import dev.tinydocker.network.NetworkService;
import dev.tinydocker.plan.CloneFlags;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.shim.ExitRecord.Running;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Component;

import java.nio.file.Path;
import java.util.Optional;

/** Containers that have the network stack of another one, {@code --net container:NAME}, and its names. */
@Component
class Sharing {

    private final ContainerRecord record;
    private final NetworkService networks;
    private final Layout layout;

    Sharing(ContainerRecord record, NetworkService networks, Layout layout) {
        this.record = record;
        this.networks = networks;
        this.layout = layout;
    }

    /**
     * The other one, as it runs.
     *
     * @param join done by the child: it names the process by pid and start time
     * @param files where its hosts, hostname and resolv.conf are
     */
    record Other(ShimStep join, Path files) {
    }

    /** Empty where a container has a stack of its own, or the host's. @throws Conflict where the other does not run */
    Optional<Other> other(Container container) {
        if (container.spec().network().joined().isEmpty()) {
            return Optional.empty();
        }
        Container other = named(container).orElseThrow(() -> new NotFound("start '" + container.name() + "'",
                "the container whose network it has is gone", "run another one"));
        Path files = layout.containerRun(other.id());
        Running running = ExitRecord.running(layout.exitRecord(files)).filter(Running::isAlive)
                .orElseThrow(() -> new Conflict("start '" + container.name() + "'",
                        "the container '" + other.name() + "' whose network it has does not run",
                        "start that one first"));
        networks.share(other.id());
        return Optional.of(new Other(new ShimStep.Join(running.pid(), running.startTime(), CloneFlags.CLONE_NEWNET),
                files));
    }

    /** Whose stack it has, if that is another container's and there still is one. */
    Optional<Container> named(Container container) {
        try {
            return container.spec().network().joined().map(record::get);
        } catch (NotFound e) {
            return Optional.empty();
        }
    }
}
