package dev.tinydocker.container;

import dev.tinydocker.linux.DirectoryHandle;
import dev.tinydocker.linux.Owners;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.ExitRecord.Running;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.shim.ShimConnection;
import dev.tinydocker.shim.ShimLauncher;
import dev.tinydocker.shim.StepFailure;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens the files of containers. One that runs is looked at through its process. For one that does not, a shim mounts
 * them in a mount namespace of its own, where they are as long as a program there waits for its input to end: that ends
 * with the view, and with this engine, whatever kills it.
 */
@Component
class Views {

    /** What the kernel shows for those that are not in a user namespace. */
    private static final int NOBODY = 65534;

    private final PlanComposer composer;
    private final Bases bases;
    private final ShimLauncher shims;
    private final Remains remains;
    private final Layout layout;
    private final Map<String, ReentrantLock> mounted = new ConcurrentHashMap<>();

    Views(PlanComposer composer, Bases bases, ShimLauncher shims, Remains remains, Layout layout) {
        this.composer = composer;
        this.bases = bases;
        this.shims = shims;
        this.remains = remains;
        this.layout = layout;
    }

    /** @param what the deed and its object, for errors */
    View open(String what, Container container) {
        return container.state().isAlive() ? running(what, container) : ended(what, container);
    }

    private View running(String what, Container container) {
        Path exitRecord = layout.exitRecord(layout.containerRun(container.id()));
        Running running = ExitRecord.running(exitRecord).orElseThrow(() -> justEnded(what, null));
        try {
            DirectoryHandle root = DirectoryHandle.open(layout.processRoot(running.pid()),
                    owners(container.spec().usersOrHost()));
            // Alive after that, it was the one that was opened.
            if (running.isAlive()) {
                return new View(root, () -> { });
            }
            root.close();
        } catch (SyscallException e) {
            throw justEnded(what, e);
        }
        throw justEnded(what, null);
    }

    private static Conflict justEnded(String what, @Nullable SyscallException cause) {
        return new Conflict(what, "its process has just ended", "try again", cause);
    }

    /** Whoever has no number in there, or none out here, is nobody. */
    private static Owners owners(Users users) {
        return users.apart() ? new Owners(users.root(), id -> users.outside(Integer.toUnsignedLong(id)).orElse(NOBODY),
                id -> users.inside(Integer.toUnsignedLong(id)).orElse(NOBODY)) : Owners.SAME;
    }

    /** One at a time: two overlays of one writable layer would spoil it. */
    private View ended(String what, Container container) {
        ReentrantLock lock = mounted.computeIfAbsent(container.id(), _ -> new ReentrantLock());
        lock.lock();
        String id = Names.execId();
        Holder holder;
        try {
            holder = new Holder(what, composer.view(container, bases.root(container), id));
        } catch (RuntimeException e) {
            lock.unlock();
            throw e;
        }
        Runnable end = () -> {
            holder.end();
            remains.ofExec(id);
            lock.unlock();
        };
        try {
            HostHalf.execute(holder.plan.hostSteps());
            holder.connection = shims.launch(layout.execRun(id), holder.plan.shim(), holder, false, holder);
            int pid = holder.mounted.join();
            return new View(DirectoryHandle.open(layout.viewRoot(pid, id)), end);
        } catch (IOException | RuntimeException e) {
            end.run();
            throw StartProblems.of(what, e);
        }
    }

    /** The shim that holds the mounts; its process reads an input that nobody ever writes to. */
    private static final class Holder implements ShimConnection.Listener, Stdio {

        private final String what;
        private final ComposedPlan plan;
        private final CompletableFuture<Integer> mounted = new CompletableFuture<>();
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private volatile int pid;
        private volatile @Nullable ShimConnection connection;

        Holder(String what, ComposedPlan plan) {
            this.what = what;
            this.plan = plan;
        }

        /** Returns when nothing is mounted any more. Also for one who is interrupted: nobody else would do it. */
        void end() {
            boolean interrupted = Thread.interrupted();
            ShimConnection shim = connection;
            if (shim != null) {
                shim.signal(Signal.SIGKILL);
                gone.join();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean started(int process, int shim) {
            pid = process;
            return true;
        }

        @Override
        public void running() {
            mounted.complete(pid);
        }

        @Override
        public void failed(StepFailure failure) {
            mounted.completeExceptionally(StartProblems.of(what, plan.shim(), failure));
        }

        @Override
        public void closed() {
            mounted.completeExceptionally(new SystemFailure(what, "its shim was killed", ""));
            gone.complete(null);
        }

        @Override
        public void connected(Input input) {
            // Left open: it ends with the connection.
        }

        @Override
        public void stdout(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void stderr(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void credit(int bytes) {
            // Nothing is sent.
        }
    }
}
