package dev.tinydocker.cgroup;

import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;

import java.util.List;

/**
 * How a process comes into its cgroup.
 *
 * @param host what the engine does before
 * @param cloneInto the cgroup v2 directory the process is born in, so that its clone makes the cgroup namespace too;
 *             empty on v1
 * @param join what the process does first of all; on v1, for a new container, ends by unsharing the cgroup namespace
 * @param mounts what shows it its cgroup, once its /sys is mounted
 * @param warnings for the user, one sentence each: limits this host cannot keep
 */
public record CgroupPlan(List<HostStep> host, String cloneInto, List<ShimStep> join, List<ShimStep> mounts,
        List<String> warnings) {

    public CgroupPlan {
        host = List.copyOf(host);
        join = List.copyOf(join);
        mounts = List.copyOf(mounts);
        warnings = List.copyOf(warnings);
    }
}
