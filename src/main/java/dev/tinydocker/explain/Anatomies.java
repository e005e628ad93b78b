package dev.tinydocker.explain;

import dev.tinydocker.cgroup.CgroupPlace;
import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.WallCheck;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.shim.ExitRecord.Running;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.store.Layout;
import org.springframework.stereotype.Service;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes a container apart: what the kernel says of its first process, and what the record says where it does not run.
 * Keeps nothing. Blocks for some milliseconds: platform threads only.
 */
@Service
public class Anatomies {

    private final ContainerService containers;
    private final CgroupService cgroups;
    private final Mounts mounts;
    private final WaysOut waysOut;
    private final Planned planned;
    private final WallCheck walls;
    private final Layout layout;

    Anatomies(ContainerService containers, CgroupService cgroups, Mounts mounts, WaysOut waysOut, Planned planned,
            WallCheck walls, Layout layout) {
        this.containers = containers;
        this.cgroups = cgroups;
        this.mounts = mounts;
        this.waysOut = waysOut;
        this.planned = planned;
        this.walls = walls;
        this.layout = layout;
    }

    /**
     * A container's. One that ends while it is looked at is told as one that has ended.
     *
     * @param reference as {@link ContainerService} takes it
     * @throws dev.tinydocker.problem.NotFound where there is none
     */
    public Anatomy of(String reference) {
        Container container = containers.inspect(reference);
        Running first = !container.state().isAlive() ? null
                : ExitRecord.running(layout.exitRecord(layout.containerRun(container.id()))).orElse(null);
        if (first != null) {
            Anatomy found = running(container, first.pid());
            // Alive after that, it was this very process that was read.
            if (first.isAlive()) {
                return found;
            }
            container = containers.inspect(reference);
        }
        return planned.of(container);
    }

    /** The id of the container of that very name: a word may also be what an id begins with. */
    public Optional<String> named(String word) {
        try {
            Container container = containers.inspect(word);
            return container.name().equals(word) ? Optional.of(container.id()) : Optional.empty();
        } catch (NotFound | InvalidRequest e) {
            return Optional.empty();
        }
    }

    /** Of all containers there are. */
    public List<String> names() {
        return containers.list().stream().map(Container::name).toList();
    }

    /** This host's, as this engine sees it: its own process is of the host in everything. */
    public Anatomy host() {
        ProcFiles process = new ProcFiles("self");
        List<CgroupPlace> places = cgroups.places((int) ProcessHandle.current().pid());
        return new Anatomy("", "host", "", "running", true, Instant.now(), ProcessReader.process(process), List.of(),
                Namespaces.of(process, process, Map.of()), places, cgroups.figures(places), mounts.ofHost(),
                waysOut.host(process), ProcessReader.users(process, process),
                ProcessReader.walls(process, "none", ""));
    }

    private Anatomy running(Container container, int pid) {
        ProcFiles process = new ProcFiles(pid);
        ProcFiles host = new ProcFiles("self");
        List<CgroupPlace> places = cgroups.places(pid);
        return new Anatomy(container.id(), container.name(), container.image(), state(container), true, Instant.now(),
                ProcessReader.process(process),
                cgroups.usage(container.id()).processes().stream().filter(other -> other != pid).sorted()
                        .map(other -> ProcessReader.process(new ProcFiles(other))).filter(other -> other.pid() != 0)
                        .toList(),
                Namespaces.of(process, host, others(container)), places, cgroups.figures(places),
                mounts.of(container, process), waysOut.of(container, process), ProcessReader.users(process, host),
                ProcessReader.walls(process, profile(container.spec().security()),
                        walls.isLandlocked(container.spec()) ? "Landlock, as asked" : ""));
    }

    /** The first processes of those that run beside it. */
    private Map<String, ProcFiles> others(Container container) {
        Map<String, ProcFiles> others = new TreeMap<>();
        for (Container other : containers.list()) {
            Integer pid = other.pid();
            if (pid != null && other.state().isAlive() && !other.id().equals(container.id())) {
                others.put(other.name(), new ProcFiles(pid));
            }
        }
        return others;
    }

    static String state(Container container) {
        String state = container.state().name().toLowerCase(Locale.ROOT);
        return container.exitCode() == null || container.state().isAlive() ? state
                : state + " (" + container.exitCode() + ")";
    }

    /** What a filter of system calls is made from. */
    static String profile(SecurityWish wish) {
        return !wish.wantsFilter() ? "none" : wish.ownProfile().isEmpty() ? "built-in" : "given";
    }
}
