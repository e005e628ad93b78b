package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.shim.FrameChannel;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The way to the engine in the virtual machine, the quicker one of two that answers:
 *
 * <pre>
 * socket   engine.sock here ─▶ ssh, which Lima keeps ─▶ engine.sock there
 * shell    limactl shell ─▶ ssh ─▶ sudo ─▶ tiny __frames ─▶ engine.sock there
 * </pre>
 *
 * The same frames travel on both.
 */
final class GuestEngine {

    /** The longest path of a socket on macOS, sys/un.h: 104 with the zero at its end. */
    static final int LONGEST_SOCKET = 103;

    private static final String RUN = "run in the virtual machine";
    private static final String FINISH = "finish the command";
    private static final Duration STARTING = Duration.ofMinutes(16);
    private static final Duration ENGINE_STARTING = Duration.ofSeconds(90);
    /** How long one that is about to stop may look as if it ran, where the user waits for what to do. */
    private static final Duration STOPPING = Duration.ofSeconds(2);
    private static final Duration QUESTION = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** A forward that cannot be renewed is not tried at every command. */
    private static final Duration BETWEEN_RENEWALS = Duration.ofMinutes(1);
    /** In the machine. A program that is not there is said; sudo and the shell would say it in words of their own. */
    private static final String PASS = """
            if ! [ -x "$0" ]; then
              echo "there is no program \\"$0\\" in there" >&2
              exit 125
            fi
            exec "$0" __frames""";

    /** The program itself, the machine, and the first bytes of the one for the other. */
    private static final String MACHINES = """
            read -r arch <"${1%/*}/target/ready" || exit
            program=${1%/*}/target/native/$arch/tiny
            [ -r "$program" ] && echo "$program" && uname -m && od -An -tx1 -N20 "$program" | tr -d ' \\n'""";

    private final LimaCtl lima;
    private final String program;
    private final SshForward forward;
    private final boolean startsStopped;
    /** Ends when the one who came last has found the machine, or not. */
    private final AtomicReference<CompletableFuture<?>> turns = new AtomicReference<>(
            CompletableFuture.completedFuture(null));
    private @Nullable Known known;
    private Instant nextRenewal = Instant.MIN;

    /** An instance of somebody's as it was when its files had these times. */
    private record Known(Instance instance, List<String> whose, List<Long> times) {

        static Known of(Instance instance) {
            return new Known(instance, LimaCtl.whose(), times(instance));
        }

        boolean holds() {
            return whose.equals(LimaCtl.whose()) && times.equals(times(instance));
        }

        /** What it is made of, and the process that runs it. */
        private static List<Long> times(Instance instance) {
            return List.of("lima.yaml", "ha.pid").stream().map(name -> instance.directory().resolve(name).toFile()
                    .lastModified()).toList();
        }
    }

    /** Where a command goes. */
    record Connection(Instance instance, FrameChannel frames, boolean quick) implements AutoCloseable {

        @Override
        public void close() {
            try {
                frames.close();
            } catch (IOException e) {
                throw new SystemFailure("close the connection", String.valueOf(e.getMessage()), "", e);
            }
        }
    }

    /**
     * @param program the client's path in the machine
     * @param startsStopped whether an instance that is stopped is started when a command needs it
     */
    GuestEngine(LimaCtl lima, String program, SshForward forward, boolean startsStopped) {
        this.lima = lima;
        this.program = program;
        this.forward = forward;
        this.startsStopped = startsStopped;
    }

    /**
     * A connection that an engine has answered on.
     *
     * @param told what the user may want to know meanwhile
     * @throws dev.tinydocker.problem.Problem where there is none
     */
    Connection connect(Consumer<String> told) {
        return connect(() -> running(told));
    }

    /** The same, where the machine runs already: nothing is started, and nobody is waited for. */
    Connection connectAtOnce() {
        return connect(() -> instance(lima.standingNow()));
    }

    private Connection connect(Supplier<Instance> finder) {
        Known last = known();
        if (last != null && last.holds()) {
            try {
                return new Connection(last.instance(), EnginePing.connect(last.instance().socket()), true);
            } catch (IOException e) {
                // Which of many reasons there is for that is found out below.
                forget();
            }
        }
        Instance instance = finder.get();
        FrameChannel quick = quick(instance);
        if (quick != null) {
            keep(instance);
            return new Connection(instance, quick, true);
        }
        try {
            return new Connection(instance, ShellChannel.connect(lima.program().open(List.of("--tty=false", "shell",
                    "--workdir", "/", instance.name(), "sudo", "-n", "/bin/sh", "-c", PASS, program)),
                    ENGINE_STARTING), false);
        } catch (SystemFailure e) {
            Problem stopped = stopped(RUN, lima.standingNow());
            if (stopped != null) {
                throw stopped;
            }
            throw foreign(instance, e);
        }
    }

    /** What is said where the program in there is for another machine: the shell that tries it says something else. */
    private SystemFailure foreign(Instance instance, SystemFailure failure) {
        try {
            List<String> said = lima.ask("--tty=false", "shell", "--workdir", "/", instance.name(), "sudo", "-n",
                    "/bin/sh", "-c", MACHINES, "probe", program).out().lines().toList();
            if (said.size() == 3 && !Elf.machine(said.getLast()).equals(said.get(1))) {
                return new SystemFailure(RUN, "\"" + said.getFirst() + "\" is for " + Elf.machine(said.getLast())
                        + ", but the virtual machine is " + said.get(1), rebuild(program), failure);
            }
        } catch (SystemFailure e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** What makes the program in the machine new. */
    static String rebuild(String program) {
        return "'tiny vm shell sudo rm -r " + Path.of(program).resolveSibling("target")
                + "', then 'tiny setup lima': it is built there";
    }

    /**
     * What is said where a connection has ended before its command. A machine that is about to stop looks as if it ran
     * for a while, and limactl may itself wait for what ends: the user does not.
     *
     * @param last as the machine was when it was connected to
     */
    Problem lost(Instance last) {
        Instant deadline = Instant.now().plus(STOPPING);
        while (true) {
            Standing standing = last.isStopping() ? new Standing.Running(last) : lima.standingWithin(QUESTION);
            Problem stopped = standing instanceof Standing.Unclear ? null : stopped(FINISH, standing);
            if (stopped != null) {
                return stopped;
            }
            if (Instant.now().isAfter(deadline) || EnginePing.failure(last.socket(), QUESTION).isEmpty()) {
                return new SystemFailure(FINISH, "the connection to the virtual machine was lost",
                        "a container that was started runs on, see 'tiny ps'");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** What is said where the machine does not run, or not for long; null where it does. */
    private static @Nullable Problem stopped(String deed, Standing standing) {
        if (standing instanceof Standing.Running(Instance instance)) {
            return instance.isStopping() ? new HostLacks(deed, "Lima instance \"" + instance.name() + "\" is stopping",
                    "start it again: 'tiny vm start'") : null;
        }
        return new HostLacks(deed, standing.what(), standing.advice());
    }

    private synchronized @Nullable Known known() {
        return known;
    }

    private synchronized void keep(Instance instance) {
        known = Known.of(instance);
    }

    private synchronized void forget() {
        known = null;
    }

    /** Asked before a command goes through limactl: an old one executes nothing in a stopped instance, and says 0. */
    private Instance running(Consumer<String> told) {
        // Of many clients, one starts it; each of the others waits as long as he wants to.
        CompletableFuture<Void> turn = new CompletableFuture<>();
        CompletableFuture<?> before = turns.getAndSet(turn);
        try {
            Wait.await(before, STARTING);
            return started(told);
        } catch (TimeoutException e) {
            throw new HostLacks(RUN, "another command still starts it", "see 'tiny vm status'", e);
        } finally {
            before.whenComplete((_, _) -> turn.complete(null));
        }
    }

    private Instance started(Consumer<String> told) {
        Standing standing = lima.standing();
        if (standing instanceof Standing.Stopped(Instance stopped) && startsStopped) {
            told.accept("tiny: starting the virtual machine \"" + stopped.name() + "\"");
            start();
            standing = lima.standing();
        }
        return instance(standing);
    }

    private static Instance instance(Standing standing) {
        if (standing instanceof Standing.Running(Instance instance)) {
            return instance;
        }
        throw new HostLacks(RUN, standing.what(), standing.advice());
    }

    /** Starts the instance, which exists; one that runs goes on. */
    void start() {
        Answer answer = lima.starting(() -> lima.program().ask(STARTING, List.of("--tty=false", "start",
                "--timeout=15m", lima.instance())));
        if (answer.status() != 0) {
            throw new SystemFailure("start the virtual machine \"" + lima.instance() + "\"", LimaCtl.said(answer),
                    "see 'tiny doctor'");
        }
    }

    private synchronized @Nullable FrameChannel quick(Instance instance) {
        Path socket = instance.socket();
        if (length(socket) > LONGEST_SOCKET) {
            return null;
        }
        try {
            return EnginePing.connect(socket);
        } catch (EnginePing.Silent e) {
            return null;
        } catch (IOException e) {
            if (Instant.now().isBefore(nextRenewal)
                    || !Files.isReadable(instance.directory().resolve("ssh.config"))) {
                return null;
            }
        }
        if (!forward.renew(instance).isEmpty()) {
            nextRenewal = Instant.now().plus(BETWEEN_RENEWALS);
            return null;
        }
        try {
            return EnginePing.connect(socket);
        } catch (IOException e) {
            nextRenewal = Instant.now().plus(BETWEEN_RENEWALS);
            return null;
        }
    }

    static int length(Path socket) {
        return socket.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
