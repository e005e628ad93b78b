package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.linux.HostCpu;
import dev.tinydocker.linux.NetworkInterface;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads what containers use. One statement finds those that run; all else comes from the kernel, and what ends
 * meanwhile is left out. Nothing is kept from one time to the next.
 */
@Service
public class Sampler {

    private static final String RUNNING = "SELECT id, name, image, pid, started_at FROM container "
            + "WHERE pid IS NOT NULL AND started_at IS NOT NULL AND state IN ('RUNNING', 'STOPPING')";
    private static final Path OWN_NETWORK = Path.of("/proc/self/ns/net");

    private final JdbcTemplate template;
    private final CgroupService cgroups;

    Sampler(JdbcTemplate template, CgroupService cgroups) {
        this.template = template;
        this.cgroups = cgroups;
    }

    private record Host(String network, long cpuNanos) {
    }

    private record Process(String id, String name, String image, int pid, Instant startedAt) {
    }

    /**
     * What one container uses.
     *
     * @param network the namespace that its links are in
     */
    record Sample(String network, Figures figures) {
    }

    /** All containers that run, the newest first. Links that several have are one's only: they can be added up. */
    public List<Figures> all() {
        return once(samples());
    }

    /** The same, each with all the links it has: its own, or another container's. */
    public List<Figures> allWithShared() {
        return samples().stream().map(Sample::figures).toList();
    }

    /** Who was started first made the network: nobody can join that of a container which does not run. */
    static List<Figures> once(List<Sample> samples) {
        Map<String, Figures> makers = new HashMap<>();
        samples.forEach(sample -> makers.merge(sample.network, sample.figures,
                (one, other) -> one.startedAt().isAfter(other.startedAt()) ? other : one));
        return samples.stream().map(sample -> sample.figures.equals(makers.get(sample.network)) ? sample.figures
                : sample.figures.withoutInterfaces()).toList();
    }

    private List<Sample> samples() {
        List<Process> processes = template.query(RUNNING + " ORDER BY created_at DESC, id", (row, _) -> new Process(
                row.getString(1), row.getString(2), row.getString(3), row.getInt(4), Instant.parse(row.getString(5))));
        Host host = new Host(link(OWN_NETWORK), HostCpu.nanos());
        // One after the other: the other processors are left to those who start containers.
        return processes.stream().map(process -> read(process, host)).flatMap(Optional::stream).toList();
    }

    /** How many containers there are in each state. */
    public Map<ContainerState, Long> states() {
        Map<ContainerState, Long> states = new TreeMap<>();
        template.query("SELECT state, count(*) FROM container GROUP BY state", row -> {
            states.put(ContainerState.valueOf(row.getString(1)), row.getLong(2));
        });
        return states;
    }

    /** The links are read first: a number that is in the cgroup after that was this container's process before too. */
    private Optional<Sample> read(Process process, Host host) {
        String network = link(Path.of("/proc/" + process.pid + "/ns/net"));
        List<NetworkInterface> interfaces = network.isEmpty() || network.equals(host.network) ? List.of()
                : NetworkInterface.of(process.pid);
        Usage usage = cgroups.usage(process.id);
        if (!usage.processes().contains(process.pid)) {
            return Optional.empty();
        }
        long descriptors = usage.processes().stream().mapToLong(Sampler::descriptors).sum();
        return Optional.of(new Sample(network, new Figures(process.id, process.name, process.image,
                cgroups.path(process.id), process.pid, process.startedAt, Instant.now(), usage, interfaces, descriptors,
                host.cpuNanos)));
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** The size of the directory is their number, from Linux 6.2 on. */
    private static long descriptors(int pid) {
        Path directory = Path.of("/proc/" + pid + "/fd");
        try {
            long size = Files.size(directory);
            return size > 0 ? size : count(directory);
        } catch (IOException e) {
            return 0;
        }
    }

    private static long count(Path directory) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path _ : entries) {
                count++;
            }
        }
        return count;
    }
}
