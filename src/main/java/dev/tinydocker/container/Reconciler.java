package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.shim.ExitRecord.Running;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.store.Layout;
import dev.tinydocker.volume.NamedVolumes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings the record and the host together after an engine has died, before the first request: containers whose shim
 * lives are watched again, ends that nobody recorded are, and what belongs to no row is undone.
 */
@Service
public class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final ContainerRecord record;
    private final LiveContainers containers;
    private final ExitWatcher watcher;
    private final Execs execs;
    private final HealthMonitor health;
    private final Remains remains;
    private final CgroupService cgroups;
    private final ShimLauncher shims;
    private final ContainerService service;
    private final ImageService images;
    private final NamedVolumes volumes;
    private final NetworkService networks;
    private final Connections connections;
    private final HistoryTrimmer history;
    private final Layout layout;
    private final List<Container> adopted = new ArrayList<>();

    Reconciler(ContainerRecord record, LiveContainers containers, ExitWatcher watcher, Execs execs,
            HealthMonitor health, Remains remains, CgroupService cgroups, ShimLauncher shims, ContainerService service,
            ImageService images, NamedVolumes volumes, NetworkService networks, Connections connections,
            HistoryTrimmer history, Layout layout) {
        this.record = record;
        this.containers = containers;
        this.watcher = watcher;
        this.execs = execs;
        this.health = health;
        this.remains = remains;
        this.cgroups = cgroups;
        this.shims = shims;
        this.service = service;
        this.images = images;
        this.volumes = volumes;
        this.networks = networks;
        this.connections = connections;
        this.history = history;
        this.layout = layout;
    }

    /** Returns when the record is right; clean-up goes on beside the first requests. */
    public void reconcile() {
        List<Container> known = record.list();
        for (Container container : known) {
            if (container.state().isAlive()) {
                adopt(container);
            } else if (container.isLeaving() || container.state() == ContainerState.CREATED) {
                remove(container);
            } else {
                // Its end is on record, but what it had of networks may not have been given back yet.
                networks.release(container.id());
            }
        }
        Set<String> ids = known.stream().map(Container::id).collect(Collectors.toSet());
        removeOrphans(ids);
        directories(layout.execsRun()).forEach(execs::adopt);
        networks.reconcile();
        adopted.forEach(container -> connections.repair(record.get(container.id())));
        images.recover();
        volumes.recover();
        history.begin();
    }

    private void adopt(Container container) {
        Live live = new Live(container.id());
        containers.add(live);
        Path directory = layout.containerRun(container.id());
        Running running = ExitRecord.running(layout.exitRecord(directory)).filter(Running::isAlive).orElse(null);
        if (running != null) {
            live.pid = running.pid();
            try {
                live.connected(shims.connect(directory, null, watcher.watch(live, container, List.of(), List.of())));
                if (container.state() == ContainerState.STARTING) {
                    record.running(container.id(), running.pid(), running.startTime());
                }
                live.running.complete(null);
                networks.adopt(container.id(), container.spec().network());
                container.spec().network().joined().ifPresent(networks::share);
                // An engine that died while it read the files of this one has left it standing still.
                cgroups.thaw(container.id());
                health.resume(container);
                LOG.info("{} runs on as process {}", container.shortId(), running.pid());
                adopted.add(container);
                if (container.state() == ContainerState.STOPPING) {
                    Thread.ofVirtual().name("stop").start(() -> service.stop(container.id(), null, null));
                }
                return;
            } catch (IOException e) {
                LOG.info("{} has lost its shim", container.shortId());
            }
        }
        shims.dismiss(directory);
        live.running.complete(null);
        watcher.lost(live, container);
    }

    /** One that was never started, or that was to go with its end: nobody waits for it any more. */
    private void remove(Container container) {
        try {
            shims.dismiss(layout.containerRun(container.id()));
            remains.all(container.id(), () -> record.delete(container.id()));
        } catch (RuntimeException e) {
            LOG.error("cannot remove what is left of {}", container.shortId(), e);
        }
    }

    private void removeOrphans(Set<String> ids) {
        Set<String> runNames = ids.stream().map(layout::containerRun).map(Path::getFileName).map(Path::toString)
                .collect(Collectors.toSet());
        for (Path directory : directories(layout.containersData())) {
            String id = directory.getFileName().toString();
            if (id.length() == 64 && !ids.contains(id)) {
                LOG.warn("{} is in no record, removed", directory);
                remains.all(id, () -> { });
            }
        }
        for (Path directory : directories(layout.containersRun())) {
            if (!runNames.contains(directory.getFileName().toString())) {
                LOG.warn("{} is in no record, removed", directory);
                shims.dismiss(directory);
                remains.ofOrphan(directory);
            }
        }
    }

    private static List<Path> directories(Path parent) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            LOG.debug("no {} yet", parent);
        } catch (IOException e) {
            LOG.error("cannot list {}", parent, e);
        }
        return found;
    }
}
