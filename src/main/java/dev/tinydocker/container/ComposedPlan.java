package dev.tinydocker.container;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A whole plan: the directory that the shim is started in, the host's half, the shim's half, and what this host cannot
 * do as asked.
 *
 * @param first of the host's half what the shim is not given its plan without
 * @param beside of the host's half what is done while the shim does what comes before {@link ShimStep.AwaitHost}
 */
record ComposedPlan(HostStep place, List<HostStep> first, List<HostStep> beside, List<ShimStep> shim,
        List<String> warnings) {

    /** One whose shim has nothing to do without the host's half. */
    ComposedPlan(HostStep place, List<HostStep> host, List<ShimStep> shim, List<String> warnings) {
        this(place, host, List.of(), shim, warnings);
    }

    /** The directory that a container's shim is started in. */
    static HostStep place(Path run) {
        return place(run, "the container runs");
    }

    static HostStep place(Path run, String life) {
        return new HostStep.MakeDirectory(run, 0700, "which holds what lives as long as " + life);
    }

    /** The host's half without the shim's directory. */
    List<HostStep> host() {
        return Stream.concat(first.stream(), beside.stream()).toList();
    }

    /** The whole of the host's half. */
    List<HostStep> hostSteps() {
        return Stream.concat(Stream.of(place), host().stream()).toList();
    }
}
