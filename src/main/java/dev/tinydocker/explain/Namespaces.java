package dev.tinydocker.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The namespaces of a process beside those of this host, namespaces(7). */
final class Namespaces {

    /** @param what it holds apart */
    private record Kind(String name, String flag, String what) {
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("mnt", "CLONE_NEWNS", "what is mounted where"),
            new Kind("pid", "CLONE_NEWPID", "numbers of processes"),
            new Kind("net", "CLONE_NEWNET", "links, addresses, routes, ports"),
            new Kind("uts", "CLONE_NEWUTS", "the host's name"),
            new Kind("ipc", "CLONE_NEWIPC", "queues and shared memory"),
            new Kind("user", "CLONE_NEWUSER", "who is who, and root's power"),
            new Kind("cgroup", "CLONE_NEWCGROUP", "where the tree of cgroups begins"),
            new Kind("time", "CLONE_NEWTIME", "how long the machine is up"));

    private Namespaces() {
    }

    /** @param running other containers' first processes, by the containers' names */
    static List<Anatomy.Namespace> of(ProcFiles process, ProcFiles host, Map<String, ProcFiles> running) {
        List<Anatomy.Namespace> found = new ArrayList<>();
        for (Kind kind : KINDS) {
            long number = process.namespace(kind.name);
            long hostNumber = host.namespace(kind.name);
            if (hostNumber != 0) {
                boolean own = number != hostNumber;
                List<String> shared = !own ? List.of() : running.entrySet().stream()
                        .filter(other -> other.getValue().namespace(kind.name) == number).map(Map.Entry::getKey)
                        .sorted().toList();
                found.add(new Anatomy.Namespace(kind.name, kind.flag, number, hostNumber, own, shared, kind.what));
            }
        }
        return found;
    }

    /** Those that a container is given, before it has any. @param own the kinds that are its own */
    static List<Anatomy.Namespace> planned(ProcFiles host, List<String> own) {
        return KINDS.stream().filter(kind -> host.namespace(kind.name) != 0)
                .map(kind -> new Anatomy.Namespace(kind.name, kind.flag, 0, host.namespace(kind.name),
                        own.contains(kind.name), List.of(), kind.what)).toList();
    }
}
