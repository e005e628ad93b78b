package dev.tinydocker.plan;

import java.util.List;

/** What the engine does in the network namespace of a container while its process mounts; it goes with that. */
public record LinksStep(String what, List<KernelCall> calls) implements Step {

    @Override
    public String who() {
        return "engine";
    }

    @Override
    public String phase() {
        return "network";
    }

    @Override
    public String why() {
        return "while the child mounts";
    }
}
