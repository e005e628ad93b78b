package dev.tinydocker.container;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.network.Driver;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.plan.LinksStep;
import dev.tinydocker.plan.Step;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Connects a container to its networks while its process waits for that, and tells what was done. */
record Connecting(NetworkService networks, Container container, List<Lease> leases) {

    /**
     * Makes the links. The number may be another process's by now; a child of the shim in the namespace held open is
     * ours.
     *
     * @param explanation told of it, null where nobody wants to know
     * @return false where the process is gone
     * @throws SyscallException where a link cannot be made
     */
    boolean connect(int pid, int shim, @Nullable Explanation explanation) {
        try (NetworkNamespace there = namespace(pid)) {
            if (there == null || Processes.parent(pid).orElse(0) != shim) {
                return false;
            }
            long begin = System.nanoTime();
            try {
                networks.connect(leases, there);
            } catch (RuntimeException e) {
                tell(explanation, pid, begin, Explanation.FAILED + FileFailures.reasonWithFile(e));
                throw e;
            }
            tell(explanation, pid, begin, "");
            return true;
        }
    }

    private void tell(@Nullable Explanation explanation, int pid, long begin, String end) {
        if (explanation != null) {
            explanation.beside(step(container, leases, "process " + pid, Integer.toString(pid)),
                    System.nanoTime() - begin, end);
        }
    }

    /** What is done for the links of a container whose process has no number yet. */
    static Step foreseen(Container container, List<Lease> leases) {
        return step(container, leases, "the child", "PID");
    }

    private static Step step(Container container, List<Lease> leases, String process, String pid) {
        boolean publishes = !container.spec().network().published().isEmpty();
        return new LinksStep("make " + leases.stream()
                .map(lease -> lease.nameInside() + " of the network '" + lease.network().name() + "'")
                .collect(Collectors.joining(" and ")) + " in the namespace of " + process
                + (publishes ? ", and lead published ports there" : ""), calls(leases, publishes, pid));
    }

    /** What is told to the kernel; to the packet filter libnftables(3) does. */
    private static List<KernelCall> calls(List<Lease> leases, boolean publishes, String pid) {
        List<KernelCall> calls = new ArrayList<>();
        calls.add(new KernelCall("openat", List.of("\"/proc/" + pid + "/ns/net\"", "O_RDONLY")));
        for (Lease lease : leases) {
            calls.add(new KernelCall("sendto", lease.network().driver() == Driver.MACVLAN
                    ? List.of("NETLINK_ROUTE", "RTM_NEWLINK", "\"macvlan\"", lease.nameInside())
                    : List.of("NETLINK_ROUTE", "RTM_NEWLINK", "\"veth\"", lease.linkName(), lease.nameInside())));
        }
        if (publishes) {
            calls.add(new KernelCall("sendmsg", List.of("NETLINK_NETFILTER", "NFT_MSG_NEWSETELEM")));
        }
        return calls;
    }

    /** Null where the process is gone. */
    private static @Nullable NetworkNamespace namespace(int pid) {
        try {
            return NetworkNamespace.of(pid);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }
}
