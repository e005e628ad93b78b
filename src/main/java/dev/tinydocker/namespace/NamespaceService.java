package dev.tinydocker.namespace;

import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import static dev.tinydocker.plan.CloneFlags.*;

/** The namespaces of a container, namespaces(7). */
@Service
public class NamespaceService {

    private static final long ALWAYS = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;

    /**
     * The birth of a container's first process.
     *
     * @param ownNetwork false leaves it in the host's network
     * @param ownCgroup true only where the process is born in its cgroup; elsewhere the cgroup namespace is unshared
     *            once the cgroup is joined, because its root is the cgroup the process is in at that moment
     * @param cgroupDirectory the cgroup v2 directory it is born in, or empty
     */
    public ShimStep.Clone clone(boolean ownNetwork, boolean ownCgroup, String cgroupDirectory) {
        return new ShimStep.Clone(ALWAYS | network(ownNetwork) | (ownCgroup ? CLONE_NEWCGROUP : 0), cgroupDirectory);
    }

    /** The namespaces a further process joins: all that the first one has of its own. setns(2). */
    public long joinFlags(boolean ownNetwork) {
        return ALWAYS | CLONE_NEWCGROUP | network(ownNetwork);
    }

    private static long network(boolean own) {
        return own ? CLONE_NEWNET : 0;
    }
}
