package dev.tinydocker.shim;

import dev.tinydocker.linux.ListeningSocket;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.SealedProgram;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.plan.PlanEncoder;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.store.Layout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts shims and finds them again. A shim is a child of this engine until the engine ends, then of process 1; it ends
 * by itself, once its process has ended and whoever is connected has been told.
 */
@Service
public class ShimLauncher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShimLauncher.class);

    private static final String PROGRAM = "tiny-shim";

    private final Layout layout;
    private volatile @Nullable SealedProgram sealed;
    private volatile boolean sealable = true;
    private final Set<ShimConnection> connections = ConcurrentHashMap.newKeySet();
    // waitpid(2) blocks for the instant between a shim's last word and its end: not on a virtual thread.
    private final ExecutorService reaper = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("reaper")
            .factory());
    // posix_spawn(3) holds its thread until the program is executed, and links its until they are made.
    private final ExecutorService spawner = Executors.newCachedThreadPool(Thread.ofPlatform().name("spawner-", 0)
            .factory());

    ShimLauncher(Layout layout) {
        this.layout = layout;
    }

    /**
     * Starts a shim on a plan without an {@link ShimStep.Await}. Returns once the plan is sent; what becomes of it is
     * told to the listener.
     *
     * @param directory an existing run directory without a socket
     * @param stdio attached before the first instruction, or null
     * @param timed whether the listener is told how long each step took
     * @throws dev.tinydocker.linux.SyscallException if no shim can be started
     */
    public ShimConnection launch(Path directory, List<ShimStep> plan, @Nullable Stdio stdio, boolean timed,
            ShimConnection.Listener listener) throws IOException {
        Begun shim = spawn(program(), directory, 0);
        return goOn(connection(shim, listener), whole(plan, stdio), stdio, timed, true);
    }

    /**
     * Starts a shim beside what the caller does meanwhile; it waits for its plan, for a minute at most.
     *
     * @param directory an existing run directory without a socket
     * @param ahead the namespaces that the plan's {@link ShimStep.Users} will want, CLONE_NEW…, which it makes while it
     *            waits; 0 for none
     */
    public StartedShim begin(Path directory, long ahead) throws IOException {
        Path program = program();
        return new StartedShim(this, CompletableFuture.supplyAsync(() -> spawn(program, directory, ahead), spawner));
    }

    /** A shim that runs, and the creator's connection to it. */
    record Begun(int pid, FrameChannel channel) {
    }

    /**
     * Sends the plan as soon as there is a shim; where it is gone, that is found when it is to go on. What the process
     * waits for behind an {@link ShimStep.Await} the listener does as soon as there is a process.
     */
    CompletableFuture<ShimConnection> give(CompletableFuture<Begun> begun, List<ShimStep> plan, @Nullable Stdio stdio,
            ShimConnection.Listener listener) {
        return begun.thenApply(shim -> {
            ShimConnection connection = connection(shim, listener);
            connection.give(whole(plan, stdio));
            if (waits(plan)) {
                connection.hearStart(spawner);
            }
            return connection;
        });
    }

    private ShimConnection connection(Begun shim, ShimConnection.Listener listener) {
        return new ShimConnection(shim.channel(), new Reaping(listener, shim.pid()), connections::remove, false);
    }

    static boolean waits(List<ShimStep> plan) {
        return plan.stream().anyMatch(ShimStep.Await.class::isInstance);
    }

    private Begun spawn(Path program, Path directory, long ahead) {
        List<String> argv = ahead == 0 ? List.of(PROGRAM) : List.of(PROGRAM, "--ahead", Long.toString(ahead));
        int pid;
        try (ListeningSocket listening = ListeningSocket.bind(layout.shimSocket(directory))) {
            pid = Processes.spawn(program, argv, listening.descriptor(), layout.shimLog(directory));
        }
        try {
            return new Begun(pid, channel(layout.shimSocket(directory)));
        } catch (IOException e) {
            end(pid);
            throw new UncheckedIOException(e);
        }
    }

    /** A program may ask for its terminal's size before the shim has heard of any other one: it is in the plan. */
    private static Frame whole(List<ShimStep> plan, @Nullable Stdio stdio) {
        Stdio.Size size = stdio == null ? Stdio.Size.NONE : stdio.size();
        return Frame.of(FrameType.PLAN, PlanEncoder.encode(size.rows() == 0 ? plan : plan.stream().map(step ->
                step instanceof ShimStep.Stdio streams && streams.tty() ? streams.sized(size.rows(), size.columns())
                        : step).toList()));
    }

    /**
     * @param first HOST, or the plan where the shim has none yet
     * @param go whether the process waits for nobody
     */
    ShimConnection goOn(ShimConnection connection, Frame first, @Nullable Stdio stdio, boolean timed, boolean go) {
        List<Frame> frames = new ArrayList<>();
        frames.add(first);
        if (timed) {
            frames.add(ShimConnection.attachToTimes(stdio != null));
        } else if (stdio != null) {
            frames.add(ShimConnection.attach());
        }
        if (go) {
            frames.add(Frame.of(FrameType.GO));
        }
        return begin(connection, stdio, frames.toArray(Frame[]::new));
    }

    void end(Begun shim) {
        end(shim.pid());
        try {
            shim.channel().close();
        } catch (IOException e) {
            LOG.debug("closing the connection to shim {}", shim.pid(), e);
        }
    }

    private void end(int pid) {
        Processes.kill(pid, Signal.SIGKILL);
        reaper.execute(() -> Processes.reap(pid));
    }

    /** The program as it was when the first shim was started; the file, where this kernel seals none. */
    private Path program() throws IOException {
        SealedProgram known = sealed;
        if (known != null) {
            return known.path();
        }
        Path program = layout.shimProgram();
        if (!Files.isExecutable(program)) {
            throw new HostLacks("start a shim", "there is no program " + program, "build it with './tiny build'");
        }
        if (!sealable) {
            return program;
        }
        synchronized (this) {
            try {
                sealed = sealed == null ? SealedProgram.of(program) : sealed;
                return sealed.path();
            } catch (SyscallException e) {
                LOG.warn("shims are started from their file, which a container with the host's root can reach: {}",
                        e.getMessage());
                sealable = false;
                return program;
            }
        }
    }

    /**
     * Connects to the shim of a run directory.
     *
     * @param stdio attached until it leaves, or null to be told of the end only
     * @throws IOException if no shim listens there any more
     */
    public ShimConnection connect(Path directory, @Nullable Stdio stdio,
            ShimConnection.Listener listener) throws IOException {
        Frame[] frames = stdio == null ? new Frame[0] : new Frame[] { ShimConnection.attach() };
        return begin(new ShimConnection(channel(layout.shimSocket(directory)), listener, connections::remove,
                stdio != null), stdio, frames);
    }

    private static FrameChannel channel(Path socket) throws IOException {
        return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    private ShimConnection begin(ShimConnection connection, @Nullable Stdio stdio, Frame... frames) {
        connections.add(connection);
        connection.begin(stdio, frames);
        return connection;
    }

    /**
     * Ends the shim of a run directory where its engine died before it could give it a plan, which it would wait for:
     * the first connection's end is its end. Any other shim does not mind, nor does a directory without one.
     */
    public void dismiss(Path directory) {
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(layout.shimSocket(directory))).close();
        } catch (IOException e) {
            LOG.debug("no shim listens in {}", directory, e);
        }
    }

    /** The last words of a shim that was lost, for an error message; may be empty. */
    public String lastWords(Path directory) {
        try {
            List<String> lines = Files.readAllLines(layout.shimLog(directory));
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException e) {
            return "";
        }
    }

    /** Leaves all shims to the next engine. */
    @Override
    public void close() {
        connections.forEach(ShimConnection::abandon);
        reaper.shutdown();
        spawner.shutdown();
    }

    /** Passes everything on, and reaps the shim in the end. */
    private final class Reaping implements ShimConnection.Listener {

        private final ShimConnection.Listener next;
        private final int pid;

        Reaping(ShimConnection.Listener next, int pid) {
            this.next = next;
            this.pid = pid;
        }

        @Override
        public boolean started(int process, int shim) {
            return next.started(process, pid);
        }

        @Override
        public void timed(StepTimes times) {
            next.timed(times);
        }

        @Override
        public void running() {
            next.running();
        }

        @Override
        public void failed(StepFailure failure) {
            next.failed(failure);
        }

        @Override
        public void exited(Exit exit) {
            next.exited(exit);
        }

        @Override
        public void closed() {
            reaper.execute(() -> Processes.reap(pid));
            next.closed();
        }
    }
}
