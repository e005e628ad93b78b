package dev.tinydocker.namespace;

import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static dev.tinydocker.plan.CloneFlags.*;

/** The namespaces of a container, namespaces(7). */
@Service
public class NamespaceService {

    /** Those that a user namespace has no power over: what mounts and kills is not the container's. */
    private static final long HOSTS = CLONE_NEWNS | CLONE_NEWPID;
    private static final long GIVEN = CLONE_NEWUTS | CLONE_NEWIPC;
    private static final long ALWAYS = HOSTS | GIVEN;

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

    /**
     * The same, for whatever users it has: where they are its own, after a user namespace and those in which its root
     * has power.
     *
     * @param cgroupDirectory where it is not empty, the process has a cgroup namespace of its own from birth
     */
    public List<ShimStep> born(Users users, boolean ownNetwork, String cgroupDirectory) {
        boolean ownCgroup = !cgroupDirectory.isEmpty();
        if (!users.apart()) {
            return List.of(clone(ownNetwork, ownCgroup, cgroupDirectory));
        }
        return List.of(new ShimStep.Users(GIVEN | network(ownNetwork), users.map(), users.map()),
                new ShimStep.Clone(HOSTS | (ownCgroup ? CLONE_NEWCGROUP : 0), cgroupDirectory));
    }

    /** From then on what is made belongs to the container's root, and these directories show its users. */
    public List<ShimStep> owned(Users users, List<Path> directories) {
        if (!users.apart()) {
            return List.of();
        }
        ShimStep owner = new ShimStep.Owner(users.root(), users.root());
        return Stream.concat(Stream.of(owner), directories.stream().map(directory -> new ShimStep.Idmap(directory,
                "so that its files have these owners without being changed"))).toList();
    }

    /**
     * The last that the host's root does; nothing of the host can be done from then on.
     *
     * @param mounts its root has the capability to mount: it is given a mount namespace of its own to do it in, in
     *            which what is there is locked together
     */
    public List<ShimStep> enter(Users users, boolean mounts) {
        if (!users.apart()) {
            return List.of();
        }
        return mounts ? List.of(new ShimStep.EnterUsers(),
                new ShimStep.Unshare(CLONE_NEWNS, "so that it may mount, and take away nothing that is mounted"))
                : List.of(new ShimStep.EnterUsers());
    }

    /** Settings of the kernel in the namespaces that a container has of its own by now; before the host's files go. */
    public List<ShimStep> sysctls(Map<String, String> settings) {
        return settings.entrySet().stream().<ShimStep>map(setting -> new ShimStep.Write(
                SysctlParser.file(setting.getKey()), setting.getValue(), "as was asked with --sysctl")).toList();
    }

    /** The namespaces a further process joins: all that the first one has of its own. setns(2). */
    public long joinFlags(boolean ownNetwork, boolean ownUsers) {
        return ALWAYS | CLONE_NEWCGROUP | network(ownNetwork) | (ownUsers ? CLONE_NEWUSER : 0);
    }

    private static long network(boolean own) {
        return own ? CLONE_NEWNET : 0;
    }
}
