package dev.tinydocker.container;

import dev.tinydocker.cgroup.CgroupService;
import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.Exit;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.shim.ShimConnection;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.shim.StepFailure;
import dev.tinydocker.shim.StepTimes;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Records what becomes of a container, as its shim tells: running, failed, exited, or nothing any more because the shim
 * was killed. The user is answered as soon as the end is recorded; what is left on the host is undone after that.
 */
@Component
class ExitWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExitWatcher.class);
    private static final int CLEAN_UP_SECONDS = 10;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ContainerRecord record;
    private final LiveContainers containers;
    private final CgroupService cgroups;
    private final Remains remains;
    private final ShimLauncher shims;
    private final HealthMonitor health;
    private final NetworkService networks;
    private final Layout layout;
    private volatile boolean closing;

    ExitWatcher(ContainerRecord record, LiveContainers containers, CgroupService cgroups, Remains remains,
            ShimLauncher shims, HealthMonitor health, NetworkService networks, Layout layout) {
        this.record = record;
        this.containers = containers;
        this.cgroups = cgroups;
        this.remains = remains;
        this.shims = shims;
        this.health = health;
        this.networks = networks;
        this.layout = layout;
    }

    /** Listens to the shim of a container. @param leases what is to be connected as soon as its process is there */
    ShimConnection.Listener watch(Live live, Container container, List<ShimStep> plan, List<Lease> leases) {
        return new Watch(live, container, plan, leases);
    }

    /** Records the end of a container whose shim is gone: by its exit record if it left one, as killed if not. */
    void lost(Live live, Container container) {
        ExitRecord last = ExitRecord.read(layout.exitRecord(layout.containerRun(container.id()))).orElse(null);
        if (last instanceof ExitRecord.Exited(Exit exit)) {
            ended(live, container, exit, null);
            return;
        }
        String words = shims.lastWords(layout.containerRun(container.id()));
        String error = "its shim was killed" + (words.isEmpty() ? "" : ": " + words);
        ended(live, container, Exit.killed(), error);
    }

    private void ended(Live live, Container container, Exit exit, @Nullable String error) {
        health.end(container.id());
        boolean recorded = record(container, exit, error);
        live.exited.complete(exit.status());
        Thread.ofVirtual().name("clean-up").start(() -> {
            // The shim's exit record is in the run directory: it stays until the row is written, by this engine or the
            // next.
            if (recorded || recordLater(container, exit, error)) {
                cleanUp(live, container);
            } else {
                live.cleaned.complete(null);
            }
        });
    }

    private boolean record(Container container, Exit exit, @Nullable String error) {
        try {
            boolean killed = exit.status() != 0 && cgroups.oomKills(container.id()) > 0;
            boolean oom = killed && exit.signal() == Signal.SIGKILL;
            String end = exit.signal() == 0 ? "exit" : Signal.name(exit.signal());
            String cause = error != null ? error : oom ? "out of memory" : !killed ? end
                    : (exit.signal() == 0 ? "exit " + exit.status() : end)
                            + ", after a process in it was out of memory";
            record.exited(container.id(), cause, exit, oom, error);
            return true;
        } catch (RuntimeException e) {
            LOG.error("cannot record the end of {}", container.id(), e);
            return false;
        }
    }

    /** Tries again until the disk has space; false where this engine ends before that. */
    private boolean recordLater(Container container, Exit exit, @Nullable String error) {
        while (!closing) {
            LockSupport.parkNanos(AGAIN.toNanos());
            if (!closing && record(container, exit, error)) {
                return true;
            }
        }
        return false;
    }

    /** Undoes what a run needed, and the container itself where it was to go with its end. */
    private void cleanUp(Live live, Container container) {
        try {
            if (container.spec().autoRemove() || live.running.isCompletedExceptionally()) {
                remains.all(container.id(), () -> record.delete(container.id()),
                        live.running.isCompletedExceptionally() ? live.explanation : null);
            } else {
                remains.ofRun(container.id());
            }
        } catch (RuntimeException e) {
            left(container, e);
        } finally {
            containers.remove(live);
            live.cleaned.complete(null);
        }
    }

    /** What could not be cleaned up is shown, and in the engine's log. */
    void left(Container container, RuntimeException why) {
        LOG.error("cannot clean up after {}", container.id(), why);
        try {
            record.dead(container.id(), String.valueOf(why.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("cannot record that something of {} is left", container.id(), e);
        }
    }

    /** Stops watching, and waits for clean-up under way; containers that run are left to the next engine. */
    @Override
    public void close() {
        closing = true;
        shims.close();
        for (Live live : containers.all()) {
            if (live.exited.isDone()) {
                live.cleaned.completeOnTimeout(null, CLEAN_UP_SECONDS, TimeUnit.SECONDS).join();
            }
        }
    }

    private final class Watch implements ShimConnection.Listener {

        private final Live live;
        private final Container container;
        private final List<ShimStep> plan;
        private final List<Lease> leases;
        private OptionalLong startTime = OptionalLong.empty();
        private @Nullable Problem notConnected;
        private boolean ended;

        Watch(Live live, Container container, List<ShimStep> plan, List<Lease> leases) {
            this.live = live;
            this.container = container;
            this.plan = plan;
            this.leases = leases;
        }

        @Override
        public boolean started(int pid, int shim) {
            live.pid = pid;
            // Now, while it mounts: once it runs, every moment of ours may be one of its.
            startTime = Processes.startTime(pid);
            if (leases.isEmpty()) {
                return true;
            }
            try {
                return new Connecting(networks, container, leases).connect(pid, shim, live.explanation);
            } catch (RuntimeException e) {
                notConnected = StartProblems.of("connect '" + container.name() + "' to the network", e);
                throw notConnected;
            }
        }

        @Override
        public void timed(StepTimes times) {
            Explanation explanation = live.explanation;
            if (explanation != null) {
                explanation.times(times);
            }
        }

        @Override
        public void running() {
            Explanation explanation = live.explanation;
            if (explanation != null) {
                explanation.ran(plan);
            }
            record.running(container.id(), live.pid, startTime.isPresent() ? startTime.getAsLong() : null);
            health.begin(container);
            Explanation.tell(explanation, "record", "record that it runs, with its pid and start time",
                    "which name one process for good");
            live.running.complete(null);
        }

        @Override
        public void failed(StepFailure failure) {
            ended = true;
            // Who is not connected is killed; what has failed by itself may be why there was nobody to connect.
            Problem cause = failure.errno() == Errno.ECANCELED ? notConnected : null;
            Explanation explanation = live.explanation;
            if (explanation != null) {
                explanation.failed(plan, failure.index(),
                        cause == null ? Explanation.FAILED + failure.reason() : Explanation.ENDED);
            }
            if (cause != null) {
                failToConnect(cause);
                return;
            }
            live.failedStep = StartProblems.step(plan, failure);
            fail(StartProblems.of("start '" + container.name() + "'", plan, failure));
        }

        private void failToConnect(Problem problem) {
            live.failedStep = "connect";
            fail(problem);
        }

        @Override
        public void exited(Exit exit) {
            ended = true;
            live.running.complete(null);
            ended(exit);
        }

        private void ended(Exit exit) {
            ExitWatcher.this.ended(live, container, exit, null);
        }

        @Override
        public void closed() {
            if (ended) {
                return;
            }
            if (live.running.isDone()) {
                lost(live, container);
            } else if (notConnected != null) {
                failToConnect(notConnected);
            } else {
                String words = shims.lastWords(layout.containerRun(container.id()));
                fail(new SystemFailure("start '" + container.name() + "'",
                        "the shim ended before the container ran" + (words.isEmpty() ? "" : ": " + words), ""));
            }
        }

        private void fail(Problem problem) {
            live.running.completeExceptionally(problem);
            ExitWatcher.this.ended(live, container, Exit.notStarted(), problem.line());
        }
    }
}
