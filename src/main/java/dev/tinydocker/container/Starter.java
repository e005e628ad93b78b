package dev.tinydocker.container;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.metrics.EngineCounts;
import dev.tinydocker.metrics.EngineCounts.Phase;
import dev.tinydocker.namespace.NamespaceService;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkService;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.rootfs.Rootfs;
import dev.tinydocker.shim.Exit;
import dev.tinydocker.shim.ShimConnection;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.shim.StartedShim;
import dev.tinydocker.shim.StepFailure;
import dev.tinydocker.shim.StepTimes;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Starts a container whose start is on record: the host's half, the shim, and the wait for execve. What fails on the
 * way is undone, on record, and thrown as one line.
 */
@Component
class Starter {

    private final ContainerRecord record;
    private final PlanComposer composer;
    private final NamespaceService namespaces;
    private final LiveContainers containers;
    private final ExitWatcher watcher;
    private final NetworkService networks;
    private final ShimLauncher shims;
    private final Remains remains;
    private final Layout layout;
    private final EngineCounts counts;

    Starter(ContainerRecord record, PlanComposer composer, NamespaceService namespaces, LiveContainers containers,
            ExitWatcher watcher, NetworkService networks, ShimLauncher shims, Remains remains, Layout layout,
            EngineCounts counts) {
        this.record = record;
        this.composer = composer;
        this.namespaces = namespaces;
        this.containers = containers;
        this.watcher = watcher;
        this.networks = networks;
        this.shims = shims;
        this.remains = remains;
        this.layout = layout;
        this.counts = counts;
    }

    /** A shim for a container to come. @param explanation told of each step, null where nobody wants to know */
    EarlyShim early(@Nullable Explanation explanation) {
        return new EarlyShim(layout, shims, remains, namespaces, explanation);
    }

    /**
     * Returns when the container's program runs. A container that cannot start is gone when the problem is thrown.
     *
     * @param early the shim of this container
     * @param explanation told of each step, null where nobody wants to know
     */
    Live start(Container container, Rootfs root, EarlyShim early, @Nullable Stdio stdio, Consumer<String> notice,
            @Nullable Explanation explanation) {
        Live live = new Live(container.id());
        live.explanation = explanation;
        containers.add(live);
        Stopwatch watch = new Stopwatch();
        try {
            boolean alone = !container.spec().network().mode().isConnected();
            List<Lease> leases = Explanation.step(explanation, "network",
                    alone ? "take no address" : "take an address for each network",
                    alone ? "because it is in no network" : "which nobody else gets from here on",
                    () -> networks.lease(container.id(), container.names(), container.spec().network(), notice));
            ComposedPlan plan = Explanation.step(explanation, "plan", "decide the plan",
                    "which is the list of steps that follows", () -> composer.container(container, root, leases));
            plan.warnings().forEach(notice);
            watch.lap(Phase.PLAN);
            try (StartedShim shim = early.take(container.spec())) {
                hostHalf(plan, shim, stdio, watcher.watch(live, container, plan.shim(), leases), explanation);
                watch.lap(Phase.HOST);
                live.connected(goOn(shim, stdio, explanation));
            }
            watch.lap(Phase.SHIM);
        } catch (IOException | RuntimeException e) {
            counts.failed(watch.next);
            Problem problem = problem(container, e);
            giveUp(live, container, early, problem);
            throw problem;
        }
        awaitRunning(live, container);
        watch.lap(Phase.CHILD);
        counts.started();
        return live;
    }

    private static void hostHalf(ComposedPlan plan, StartedShim shim, @Nullable Stdio stdio,
            ShimConnection.Listener listener, @Nullable Explanation explanation) {
        HostHalf.execute(plan.first(), explanation);
        shim.give(plan.shim(), stdio, listener);
        try {
            HostHalf.execute(plan.beside(), explanation);
        } catch (RuntimeException e) {
            if (explanation != null) {
                shim.end(new ShimConnection.Listener() {
                    @Override
                    public void timed(StepTimes times) {
                        explanation.times(times);
                    }

                    @Override
                    public void failed(StepFailure failure) {
                        explanation.failed(plan.shim(), failure.index(), Explanation.ENDED);
                    }
                });
            }
            throw e;
        }
    }

    private static ShimConnection goOn(StartedShim shim, @Nullable Stdio stdio, @Nullable Explanation explanation)
            throws IOException {
        try {
            return shim.goOn(stdio, explanation != null);
        } catch (IOException | RuntimeException e) {
            Explanation.noShim(explanation, e);
            throw e;
        }
    }

    /** The plan of a container that is not started. @param leases what it would have of networks, if that is wanted */
    ComposedPlan plan(Container container, Rootfs root, List<Lease> leases) {
        return composer.container(container, root, leases);
    }

    /** Counts how long each part of a start took, and knows which one is under way. */
    private final class Stopwatch {

        private long since = System.nanoTime();
        private String next = "plan";

        void lap(Phase phase) {
            long now = System.nanoTime();
            counts.phase(phase).add(now - since);
            since = now;
            next = phase == Phase.PLAN ? "host" : "shim";
        }
    }

    private void awaitRunning(Live live, Container container) {
        try {
            live.running.join();
        } catch (CompletionException e) {
            counts.failed(live.failedStep);
            live.cleaned.join();
            throw StartProblems.of(deed(container), e);
        }
    }

    private static Problem problem(Container container, Exception e) {
        return e instanceof SyscallException call && call.errno() == Errno.ENAMETOOLONG
                ? new SystemFailure(deed(container), String.valueOf(e.getMessage()), "use a shorter tiny.run.root", e)
                : StartProblems.of(deed(container), e);
    }

    private static String deed(Container container) {
        return "start '" + container.name() + "'";
    }

    private void giveUp(Live live, Container container, EarlyShim early, Problem problem) {
        Exit exit = Exit.notStarted();
        try {
            record.exited(container.id(), problem.line(), exit, false, problem.line());
            // Its start may go on, and put files where all are being deleted.
            early.close();
            remains.all(container.id(), () -> record.delete(container.id()), live.explanation);
        } catch (RuntimeException e) {
            problem.addSuppressed(e);
            watcher.left(container, e);
        } finally {
            containers.remove(live);
            // Others may have found it, and wait for it.
            live.running.completeExceptionally(problem);
            live.exited.complete(exit.status());
            live.cleaned.complete(null);
        }
    }
}
