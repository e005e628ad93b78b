package dev.tinydocker.cgroup;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.problem.HostLacks;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cgroups of containers, on whichever version this host has. */
@Service
public class CgroupService {

    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path mountinfo;
    private final String parent;
    private final long pids;
    private final Inhabitants inhabitants;
    private volatile @Nullable CgroupDriver chosen;
    private volatile @Nullable Boolean countsPids;

    /**
     * @param parent the cgroup that all of this engine's lie in, from the root of each tree
     * @param pids how many processes a container may have where its user does not say; 0 and below for any number
     */
    @Autowired
    public CgroupService(@Value("${tiny.cgroup.parent}") String parent, @Value("${tiny.cgroup.pids}") long pids) {
        this(MOUNTINFO, parent, pids, new Inhabitants(pid -> Processes.kill(pid, Signal.SIGKILL), PATIENCE));
    }

    CgroupService(Path mountinfo, String parent, long pids, Inhabitants inhabitants) {
        this.mountinfo = mountinfo;
        this.pids = pids;
        this.parent = parent;
        this.inhabitants = inhabitants;
    }

    /**
     * How a container's first process comes into a cgroup of its own. Makes the engine's parent cgroup where that is to
     * be looked at.
     */
    public CgroupPlan plan(String id, Limits limits) {
        return plan(id, limits, Devices.USUAL, false);
    }

    /**
     * The same for one that is given more devices than the usual ones.
     *
     * @param all it may use every device there is
     */
    public CgroupPlan plan(String id, Limits limits, Devices devices, boolean all) {
        return driver().plan(id, limits, DeviceRules.of(devices, all));
    }

    /**
     * Which devices a running container was to have, and what the kernel lets it do with others.
     *
     * @param asked for a person
     * @param beyond nothing where it is kept to those
     */
    public record DeviceCheck(String asked, List<String> beyond) {
    }

    /** Compares the kernel's device lists, or on version 2 its filter, with what a container was to have. */
    public DeviceCheck checkDevices(String id, Devices devices, boolean all) {
        List<String> rules = DeviceRules.of(devices, all);
        return new DeviceCheck(DeviceRules.describe(rules), rules.isEmpty() ? List.of() : driver().beyond(id, rules));
    }

    /** The limits of a container whose user has said no more than these: nobody's processes crowd this host out. */
    public Limits usual(Limits asked) {
        return asked.pids() == null && pids > 0 && hasPids() ? asked.withPids(pids) : asked;
    }

    private boolean hasPids() {
        Boolean known = countsPids;
        if (known == null) {
            known = driver().controllers().getOrDefault("pids", false);
            countsPids = known;
        }
        return known;
    }

    /** How a further process comes into the cgroup of a running container; without host steps and mounts. */
    public CgroupPlan join(String id) {
        return driver().join(id);
    }

    /** How many processes the kernel killed in there because memory ran out; ask before {@link #end}. */
    public long oomKills(String id) {
        return driver().oomKills(id);
    }

    /** What a container uses, as the kernel counts it now; all is 0 where it has no cgroup. */
    public Usage usage(String id) {
        return driver().usage(id);
    }

    /** Where in each tree a process is; nowhere where it is gone. */
    public List<CgroupPlace> places(int pid) {
        return CgroupPlace.of(Path.of("/proc/" + pid + "/cgroup"), Hierarchy.read(mountinfo));
    }

    /** What is used in these places, and what may be. */
    public List<CgroupFigure> figures(List<CgroupPlace> places) {
        return CgroupFigures.of(places);
    }

    /** The name of a container's cgroup from the root of each tree, as in {@code /tiny-docker/3f2a…}. */
    public String path(String id) {
        return "/" + parent + "/" + id;
    }

    /**
     * Stops all processes in there and returns when none runs any more. Blocks.
     *
     * @return false where this host cannot do it
     */
    public boolean freeze(String id) {
        Optional<Freezer> freezer = driver().freezer(id);
        freezer.ifPresent(Freezer::freeze);
        return freezer.isPresent();
    }

    /** Whether the processes in there are stopped. */
    public boolean isFrozen(String id) {
        return driver().freezer(id).filter(Freezer::isFrozen).isPresent();
    }

    /** Lets the processes in there go on, where they were stopped. */
    public void thaw(String id) {
        driver().freezer(id).ifPresent(Freezer::thaw);
    }

    /**
     * Kills everything in the cgroup, and removes it once that is gone; a missing one is fine. Blocks where something
     * is in there.
     */
    public void end(String id) {
        List<Path> directories = driver().directories(id);
        // Far quicker than to look first, and all there is to do mostly.
        if (!inhabitants.removeIfEmpty(directories)) {
            inhabitants.kill(directories);
            inhabitants.remove(directories);
        }
    }

    /** {@code v2}, {@code v1} or {@code v1 hybrid}. */
    public String describe() {
        return driver().describe();
    }

    /** The controllers that are of use here, and whether this host has each. */
    public Map<String, Boolean> controllers() {
        return driver().controllers();
    }

    /** Removes the parent cgroup if it is empty: with containers in it, it stays for the next engine. */
    @PreDestroy
    void tidy() {
        CgroupDriver driver = chosen;
        for (Path directory : driver == null ? List.<Path>of() : driver.parents()) {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                // EBUSY: not empty.
            }
        }
    }

    /** Chosen at the first use, not before: the engine starts on any host, so that it can say what the host lacks. */
    private CgroupDriver driver() {
        CgroupDriver driver = chosen;
        if (driver == null) {
            driver = choose(Hierarchy.read(mountinfo), parent);
            chosen = driver;
        }
        return driver;
    }

    private static CgroupDriver choose(List<Hierarchy> hierarchies, String parent) {
        // On a hybrid host the unified tree has no controllers that matter, or none at all.
        boolean first = hierarchies.stream().anyMatch(hierarchy -> hierarchy.controllers().contains("memory")
                || hierarchy.controllers().contains("cpu") || hierarchy.controllers().contains("pids"));
        if (first) {
            return new CgroupV1(hierarchies, parent);
        }
        return hierarchies.stream().filter(Hierarchy::unified).findFirst()
                .<CgroupDriver>map(unified -> new CgroupV2(unified, parent))
                .orElseThrow(() -> new HostLacks("use cgroups", "none are mounted", "mount cgroup2 on /sys/fs/cgroup"));
    }
}
