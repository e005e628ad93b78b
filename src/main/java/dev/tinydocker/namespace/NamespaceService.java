package dev.tinydocker.namespace;

import dev.tinydocker.plan.ShimStep;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import static dev.tinydocker.plan.CloneFlags.*;

/** The namespaces of a container, namespaces(7). */
@Service
public class NamespaceService {

    /** Those that a user namespace has no power over: what mounts and kills is not the container's. */
    private static final long HOSTS = CLONE_NEWNS | CLONE_NEWPID;
    private static final long GIVEN = CLONE_NEWUTS | CLONE_NEWIPC;
    private static final long ALWAYS = HOSTS | GIVEN;
    private static final String PING = "net.ipv4.ping_group_range";
    /** The highest group that can be named there. */
    private static final long HIGHEST = Integer.MAX_VALUE;
    private static final ShimStep.WriteIn PORTS = new ShimStep.WriteIn(
            SysctlParser.file("net.ipv4.ip_unprivileged_port_start").toString(), "0",
            "so that every user in there may listen on its ports below 1024");

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
     * The namespaces of {@link #made} that a shim may make before it has its plan, CLONE_NEW…, whatever numbers its
     * users are given; 0 where there are none.
     */
    public long ahead(Users users, boolean ownNetwork) {
        return users.willBeApart() ? GIVEN | network(ownNetwork) : 0;
    }

    /** What is made before the birth: where users are its own, their namespace and those their root has power in. */
    public List<ShimStep> made(Users users, boolean ownNetwork) {
        return users.apart() ? List.of(new ShimStep.Users(GIVEN | network(ownNetwork), users.map(), users.map()))
                : List.of();
    }

    /**
     * The birth, for whatever users it has.
     *
     * @param cgroupDirectory where it is not empty, the process has a cgroup namespace of its own from birth
     */
    public ShimStep.Clone born(Users users, boolean ownNetwork, String cgroupDirectory) {
        boolean ownCgroup = !cgroupDirectory.isEmpty();
        return users.apart() ? new ShimStep.Clone(HOSTS | (ownCgroup ? CLONE_NEWCGROUP : 0), cgroupDirectory)
                : clone(ownNetwork, ownCgroup, cgroupDirectory);
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

    /**
     * What is set of a network of its own unless the user does it, as Docker does: ports and echoes of it are the
     * container's own business. In its own /proc before that is locked: in the host's, the kernel looks through the
     * files of all networks that bear this name.
     */
    public List<ShimStep> usual(boolean ownNetwork, Users users, Set<String> asked) {
        if (!ownNetwork) {
            return List.of();
        }
        ShimStep.WriteIn ping = new ShimStep.WriteIn(SysctlParser.file(PING).toString(), groups(users),
                "so that every user in there may ping");
        List<String> files = asked.stream().map(SysctlParser::file).map(Path::toString).toList();
        return Stream.of(ping, PORTS).filter(write -> !write.content().isEmpty() && !files.contains(write.path()))
                .<ShimStep>map(write -> write).toList();
    }

    /** All of its groups, as the host numbers them; empty where they are beyond all that can be named. */
    private static String groups(Users users) {
        if (!users.apart()) {
            return "0 " + HIGHEST;
        }
        long first = users.ranges().stream().mapToLong(IdRange::outside).min().orElse(0);
        long last = users.ranges().stream().mapToLong(range -> range.outside() + range.size() - 1).max().orElse(0);
        return first > HIGHEST ? "" : first + " " + Math.min(last, HIGHEST);
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
