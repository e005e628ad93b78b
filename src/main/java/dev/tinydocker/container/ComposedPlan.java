package dev.tinydocker.container;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;

import java.util.List;

/** A whole plan: the host's half, the shim's half, and what this host cannot do as asked. */
record ComposedPlan(List<HostStep> host, List<ShimStep> shim, List<String> warnings) {
}
