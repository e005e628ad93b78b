package dev.tinydocker.container;

import dev.tinydocker.archive.LayerChanges;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.image.Snapshot;
import dev.tinydocker.log.LogReader;
import dev.tinydocker.log.LogService;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.plan.Step;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.ShimConnection;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The service behind every command. */
@Service
class Containers implements ContainerService {

    private static final Duration AFTER_SIGKILL = Duration.ofSeconds(10);

    private final ContainerRecord record;
    private final LiveContainers live;
    private final Bases bases;
    private final Runs runs;
    private final Execs execs;
    private final Remains remains;
    private final Differ differ;
    private final Snapshots snapshots;
    private final Copies copies;
    private final ShimLauncher shims;
    private final LogService logs;
    private final HealthMonitor health;
    private final NetworkService networks;
    private final Layout layout;

    Containers(ContainerRecord record, LiveContainers live, Bases bases, Runs runs, Execs execs, Remains remains,
            Differ differ, Snapshots snapshots, Copies copies, ShimLauncher shims, LogService logs,
            HealthMonitor health, NetworkService networks, Layout layout) {
        this.record = record;
        this.live = live;
        this.bases = bases;
        this.runs = runs;
        this.execs = execs;
        this.remains = remains;
        this.differ = differ;
        this.snapshots = snapshots;
        this.copies = copies;
        this.shims = shims;
        this.logs = logs;
        this.health = health;
        this.networks = networks;
        this.layout = layout;
    }

    @Override
    public Attachment run(ContainerSpec spec, @Nullable Stdio stdio, Consumer<String> notice,
            @Nullable Explanation explanation) {
        Live started = runs.run(spec, stdio, notice, explanation);
        return new Attached(started.id, started.exited);
    }

    @Override
    public List<Step> plan(ContainerSpec spec, Consumer<String> notice) {
        return runs.plan(spec, notice);
    }

    @Override
    public ContainerSpec pull(ContainerSpec spec, Map<String, String> environment, Consumer<String> notice) {
        bases.pull(spec, environment, notice);
        return spec.pulled();
    }

    @Override
    public Attachment attach(String reference, Stdio stdio) {
        Container container = find(reference);
        Live running = running(container, "attach to");
        try {
            CompletableFuture<Void> delivered = new CompletableFuture<>();
            shims.connect(layout.containerRun(container.id()), stdio, new ShimConnection.Listener() {
                @Override
                public void closed() {
                    delivered.complete(null);
                }
            });
            return new Attached(container.id(), delivered.thenCompose(_ -> running.exited));
        } catch (IOException e) {
            throw new SystemFailure("attach to '" + container.name() + "'", "its shim does not answer", "", e);
        }
    }

    @Override
    public Attachment exec(String reference, ExecSpec spec, @Nullable Stdio stdio, @Nullable Explanation explanation) {
        Container container = find(reference);
        running(container, "execute in");
        return execs.start(container, spec, stdio, explanation);
    }

    @Override
    public void stop(String reference, @Nullable Integer signal, @Nullable Duration timeout) {
        Container container = find(reference);
        Live running = live.find(container.id()).orElse(null);
        if (running == null || !container.state().isAlive()) {
            return;
        }
        record.stopping(container.id(), "stop");
        running.signal(signal == null ? container.spec().stopSignalOrDefault() : signal);
        int seconds = container.spec().stopTimeoutSeconds();
        if (timeout == null && seconds < 0) {
            running.exited.join();
        } else {
            Duration patience = timeout == null ? Duration.ofSeconds(seconds) : timeout;
            if (!ended(running, patience)) {
                killAndWait(container, running);
            }
        }
        running.cleaned.join();
    }

    private void killAndWait(Container container, Live running) {
        running.signal(Signal.SIGKILL);
        if (!ended(running, AFTER_SIGKILL)) {
            throw new SystemFailure("stop '" + container.name() + "'",
                    "process " + running.pid + " does not end on SIGKILL",
                    "it may be in an uninterruptible wait; see /proc/" + running.pid + "/stack");
        }
    }

    private static boolean ended(Live running, Duration patience) {
        try {
            running.exited.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void kill(String reference, int signal) {
        Container container = find(reference);
        Live running = running(container, "kill");
        running.signal(signal);
        if (signal == Signal.SIGKILL) {
            running.exited.join();
        }
    }

    @Override
    public void remove(String reference, boolean force) {
        Container container = find(reference);
        Live running = live.find(container.id()).orElse(null);
        if (running != null && container.state().isAlive()) {
            if (!force) {
                throw new Conflict("remove '" + container.name() + "'", "it is running",
                        "stop it first, or use 'rm -f'");
            }
            killAndWait(container, running);
        }
        if (running != null) {
            running.cleaned.join();
        }
        if (record.exists(container.id())) {
            remains.all(container.id(), () -> record.delete(container.id()));
        }
    }

    @Override
    public int await(String reference) {
        Container container = find(reference);
        Live running = live.find(container.id()).orElse(null);
        if (running != null) {
            return running.exited.join();
        }
        // Its end may have been recorded since it was found.
        Integer code = container.state().isAlive() ? find(container.id()).exitCode() : container.exitCode();
        return code == null ? 0 : code;
    }

    @Override
    public Container inspect(String reference) {
        return find(reference);
    }

    @Override
    public List<Lease> leases(String reference) {
        return networks.leases(find(reference).id());
    }

    @Override
    public List<PublishedPort> ports(String reference) {
        return networks.ports(find(reference).id());
    }

    @Override
    public void changes(String reference, Consumer<LayerChanges.Change> each) {
        differ.look(find(reference), each);
    }

    @Override
    public String commit(String reference, boolean pause, Snapshot.Words words) {
        return snapshots.commit(find(reference), pause, words);
    }

    @Override
    public void export(String reference, OutputStream tar) {
        snapshots.export(find(reference), tar);
    }

    @Override
    public long copyOut(String reference, CopySpec wish) {
        return copies.out(find(reference), wish);
    }

    @Override
    public long copyIn(String reference, CopySpec wish) {
        return copies.in(find(reference), wish);
    }

    @Override
    public void read(String reference, String path, boolean follow, OutputStream tar) {
        copies.read(find(reference), path, follow, tar);
    }

    @Override
    public void write(String reference, String path, InputStream archive) {
        copies.write(find(reference), path, archive);
    }

    @Override
    public List<Container> list() {
        return record.list().stream().map(this::asItIs).filter(container -> !container.isLeaving()).toList();
    }

    @Override
    public LogReader logs(String reference) {
        Container container = find(reference);
        Live running = live.find(container.id()).orElse(null);
        CompletionStage<?> ended = running == null ? CompletableFuture.completedStage(null) : running.exited;
        return logs.reader(layout.logFile(container.id()), ended);
    }

    private Container find(String reference) {
        Container container = asItIs(record.find(reference));
        if (container.isLeaving()) {
            throw ContainerRecord.unknown(reference);
        }
        return container;
    }

    /** An end that a full disk keeps from the record for now is known all the same. */
    private Container asItIs(Container container) {
        Live known = live.find(container.id()).orElse(null);
        Integer status = known == null || !container.state().isAlive() ? null : known.exited.getNow(null);
        Container now = status == null ? container : container.ended(status);
        return health.find(now).map(now::with).orElse(now);
    }

    private Live running(Container container, String deed) {
        Live running = live.find(container.id()).orElse(null);
        if (running == null || !container.state().isAlive()) {
            throw new Conflict(deed + " '" + container.name() + "'", "it is not running", "");
        }
        return running;
    }

    /** A user who waits for an end. */
    private record Attached(String id, CompletableFuture<Integer> status) implements Attachment {
    }
}
