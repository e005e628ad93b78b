package dev.tinydocker.container;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.linux.NetworkInterface;

import java.time.Instant;
import java.util.List;

/**
 * What a running container uses, at one moment.
 *
 * @param cgroup the name of its cgroup from the root of each tree
 * @param pid of its first process
 * @param interfaces of its network namespace; none where it has the host's
 * @param descriptors how many files its processes have open
 * @param hostCpuNanos the time of all processors of this host together, used or not, that Docker compares with
 */
public record Figures(String id, String name, String image, String cgroup, int pid, Instant startedAt, Instant at,
        Usage usage, List<NetworkInterface> interfaces, long descriptors, long hostCpuNanos) {

    public Figures {
        interfaces = List.copyOf(interfaces);
    }

    /** The same of one whose links are another's. */
    Figures withoutInterfaces() {
        return new Figures(id, name, image, cgroup, pid, startedAt, at, usage, List.of(), descriptors, hostCpuNanos);
    }
}
