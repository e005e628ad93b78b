package dev.tinydocker.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What differs between the versions of cgroups. A container's cgroup is called {@code PARENT/ID} in every tree. */
interface CgroupDriver {

    /** What a user is told who limits memory on a kernel that does not count swap. */
    String NO_SWAP = "memory is limited, swap is not: this kernel does not count it; boot with swapaccount=1";

    /** @param devices which it may make and open, as version 1 takes it; empty for all */
    CgroupPlan plan(String id, Limits limits, List<String> devices);

    CgroupPlan join(String id);

    /**
     * What the kernel lets a container do with devices beyond rules, as version 1 writes it, or in words; nothing where
     * it keeps it to them.
     */
    List<String> beyond(String id, List<String> rules);

    long oomKills(String id);

    /** What is used, as the kernel counts it now; nothing where there is no such cgroup. */
    Usage usage(String id);

    /** Empty where this host cannot stop processes so. */
    Optional<Freezer> freezer(String id);

    /** The directories a container may have, one in each tree; they need not exist. */
    List<Path> directories(String id);

    /** The engine's parent cgroups, one in each tree; they need not exist. */
    List<Path> parents();

    String describe();

    Map<String, Boolean> controllers();
}
