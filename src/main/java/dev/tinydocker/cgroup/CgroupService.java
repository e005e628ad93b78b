package dev.tinydocker.cgroup;

import org.springframework.stereotype.Service;

import java.util.Map;
import java.util.Set;

/** The cgroups of containers, on whichever version this host has. */
@Service
public class CgroupService {

    /** How a container's first process comes into a cgroup of its own. Makes the engine's parent cgroup where it is missing. */
    public CgroupPlan plan(String id, Limits limits) {
        throw new UnsupportedOperationException();
    }

    /** How a further process comes into the cgroup of a running container; without host steps and mounts. */
    public CgroupPlan join(String id) {
        throw new UnsupportedOperationException();
    }

    /** How many processes the kernel killed in there because memory ran out; ask before {@link #remove}. */
    public long oomKills(String id) {
        throw new UnsupportedOperationException();
    }

    /** Kills everything in the cgroup and returns when it is empty; a missing one is empty. Blocks. */
    public void kill(String id) {
        throw new UnsupportedOperationException();
    }

    /** Removes the cgroup; a missing one is fine. Waits a moment for processes that are dying. */
    public void remove(String id) {
        throw new UnsupportedOperationException();
    }

    /** The ids that have cgroups. */
    public Set<String> present() {
        throw new UnsupportedOperationException();
    }

    /** {@code v2}, {@code v1} or {@code v1 hybrid}. */
    public String describe() {
        throw new UnsupportedOperationException();
    }

    /** The controllers that are of use here, and whether this host has each. */
    public Map<String, Boolean> controllers() {
        throw new UnsupportedOperationException();
    }
}
