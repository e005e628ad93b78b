package dev.tinydocker.container;

import dev.tinydocker.linux.Processes;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.Exit;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.shim.ShimConnection;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.shim.StepFailure;
import dev.tinydocker.shim.StepTimes;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;

/**
 * Further processes in running containers. Each has a shim of its own and leaves nothing when it ends; none is on
 * record.
 */
@Component
class Execs {

    private static final Logger LOG = LoggerFactory.getLogger(Execs.class);

    private final PlanComposer composer;
    private final ShimLauncher shims;
    private final Remains remains;
    private final Layout layout;

    Execs(PlanComposer composer, ShimLauncher shims, Remains remains, Layout layout) {
        this.composer = composer;
        this.shims = shims;
        this.remains = remains;
        this.layout = layout;
    }

    /** Returns when the program runs. @param explanation null where nobody wants to know */
    Attachment start(Container container, ExecSpec spec, @Nullable Stdio stdio, @Nullable Explanation explanation) {
        Run run = launch(container, spec, stdio, Names.execId(), explanation);
        try {
            run.running.join();
        } catch (CompletionException e) {
            throw StartProblems.of(run.what, e);
        }
        return run;
    }

    /** A process that nobody but this engine knows of. */
    interface Check {

        /**
         * Completes with the exit status once all it wrote was delivered, or with the problem that it could not run.
         */
        CompletableFuture<Integer> ended();

        /** Kills the process and what it has started, but for what has gone into a session of its own. */
        void kill();
    }

    /** Starts the program of a health check, as the container's user and in its directory, and does not wait for it. */
    Check check(Container container, List<String> command, Stdio stdio) {
        ExecSpec spec = new ExecSpec(command, Map.of(), null, null, false, false, false);
        return launch(container, spec, stdio, Names.checkId(), null);
    }

    private Run launch(Container container, ExecSpec spec, @Nullable Stdio stdio, String id,
            @Nullable Explanation explanation) {
        return launch("execute in '" + container.name() + "'", container,
                startTime -> composer.exec(container, startTime, id, spec), stdio, id, explanation);
    }

    /**
     * Does steps in a container's network namespace, by a process that is of the container in nothing else. Returns
     * when they are done.
     */
    void inNetwork(String what, Container container, List<ShimStep> steps) {
        String id = Names.execId();
        Run run = launch(what, container, startTime -> composer.inNetwork(container, startTime, id, steps), null, id,
                null);
        try {
            run.ended().join();
        } catch (CompletionException e) {
            throw StartProblems.of(what, e);
        }
    }

    private Run launch(String what, Container container, LongFunction<ComposedPlan> composed, @Nullable Stdio stdio,
            String id, @Nullable Explanation explanation) {
        Integer pid = container.pid();
        OptionalLong startTime = pid == null ? OptionalLong.empty() : Processes.startTime(pid);
        if (startTime.isEmpty()) {
            throw new Conflict(what, "it is not running", "");
        }
        ComposedPlan plan = composed.apply(startTime.getAsLong());
        Explanation.tell(explanation, "plan", "find the container's process and decide the plan",
                "which is the list of steps that follows");
        Run run = new Run(id, what, plan.shim(), explanation);
        try {
            HostHalf.execute(plan.hostSteps(), explanation);
            shims.launch(layout.execRun(id), plan.shim(), stdio, explanation != null, run);
        } catch (IOException | RuntimeException e) {
            run.cleanUp();
            throw StartProblems.of(what, e);
        }
        return run;
    }

    /** Listens again to a shim that an earlier engine started; one that is gone, and a check, is cleaned up. */
    void adopt(Path directory) {
        String id = directory.getFileName().toString();
        Run run = new Run(id, "execute", List.of(), null);
        run.running.complete(null);
        try {
            if (Names.isCheck(id)) {
                run.kill();
            }
            shims.connect(directory, null, run);
        } catch (IOException e) {
            run.kill();
            remains.ofExec(id);
        }
    }

    /** One such process, and who waits for it. */
    private final class Run implements Attachment, Check, ShimConnection.Listener {

        private final String id;
        private final String what;
        private final List<ShimStep> plan;
        private final @Nullable Explanation explanation;
        private final CompletableFuture<Void> running = new CompletableFuture<>();
        private final CompletableFuture<Integer> exited = new CompletableFuture<>();
        private @Nullable Problem problem;

        Run(String id, String what, List<ShimStep> plan, @Nullable Explanation explanation) {
            this.id = id;
            this.what = what;
            this.plan = plan;
            this.explanation = explanation;
        }

        /** Told where nothing was executed: else it is done long after that was told. */
        private void cleanUp() {
            remains.ofExec(id);
            if (!running.isDone()) {
                Explanation.tell(explanation, Remains.UNDO, "delete the directory " + layout.execRun(id),
                        "with all that is in it");
            }
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public CompletableFuture<Integer> status() {
            return exited;
        }

        @Override
        public CompletableFuture<Integer> ended() {
            return running.thenCompose(_ -> exited);
        }

        @Override
        public void kill() {
            ExitRecord.running(layout.exitRecord(layout.execRun(id)))
                    .ifPresent(running -> Processes.killGroup(running.pid(), running.startTime()));
        }

        @Override
        public void timed(StepTimes times) {
            if (explanation != null) {
                explanation.times(times);
            }
        }

        @Override
        public void running() {
            if (explanation != null) {
                explanation.ran(plan);
            }
            running.complete(null);
        }

        @Override
        public void failed(StepFailure failure) {
            problem = StartProblems.of(what, plan, failure);
            if (explanation != null) {
                explanation.failed(plan, failure.index(), Explanation.FAILED + failure.reason());
            }
        }

        @Override
        public void exited(Exit exit) {
            running.complete(null);
            exited.complete(exit.status());
        }

        @Override
        public void closed() {
            boolean known = exited.isDone() || ExitRecord.read(layout.exitRecord(layout.execRun(id)))
                    .orElse(null) instanceof ExitRecord.Exited last && exited.complete(last.exit().status());
            try {
                if (!known && problem == null) {
                    running.completeExceptionally(new SystemFailure(what, "its shim was killed", ""));
                    // Most go with their shim; those do not that have changed users, or AppArmor's profile, prctl(2).
                    kill();
                }
                cleanUp();
            } catch (RuntimeException e) {
                LOG.error("cannot clean up after the exec {}", id, e);
            } finally {
                if (problem != null) {
                    running.completeExceptionally(problem);
                }
                exited.complete(Exit.killed().status());
            }
        }
    }
}
