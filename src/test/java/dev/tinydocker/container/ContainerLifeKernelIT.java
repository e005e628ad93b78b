package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.image.Changes;
import dev.tinydocker.image.ImageService;
import dev.tinydocker.image.Platform;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.log.LogQuery;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.shim.ExitRecord;
import dev.tinydocker.shim.Stdio;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.Commands;
import dev.tinydocker.support.HostState;
import dev.tinydocker.support.RecordingStdio;
import dev.tinydocker.volume.Mount;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Real containers on the real kernel, from {@code run} to what is left of them, which is nothing. */
@Timeout(60)
class ContainerLifeKernelIT {

    private final HostState host = new HostState();
    // Not a @TempDir: a socket's path has 107 bytes at most.
    private Path root;
    private Path tree;
    private ConfigurableApplicationContext context;
    private ContainerService containers;
    private Layout layout;
    private final List<Integer> left = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        root = Files.createTempDirectory("td");
        tree = Files.createDirectory(root.resolve("tree"));
        BusyboxTree.make(tree);
        open();
    }

    private void open() {
        context = EngineRooms.start(root);
        containers = context.getBean(ContainerService.class);
        layout = context.getBean(Layout.class);
    }

    /**
     * Ends the engine as its process would end, but for the shims: they stay this JVM's children, and its zombies in
     * the end.
     */
    private void leaveToTheNextEngine() {
        containers.list().forEach(container -> left.add(parentOf(Objects.requireNonNull(container.pid()))));
        context.close();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Container container : containers.list()) {
            containers.remove(container.id(), true);
        }
        left.forEach(Processes::reap);
        host.assertUnchanged();
        // What goes with its end is not listed any more, but its directories go last.
        for (Path directory : List.of(layout.containersRun(), layout.containersData())) {
            Awaitility.await().untilAsserted(() -> assertThat(Files.exists(directory) ? Files.list(directory).toList()
                    : List.of()).isEmpty());
        }
        context.close();
        TreeDeleter.delete(root);
    }

    @Test
    void aCommandRunsAndItsOutputStatusAndStreamsComeBack() {
        RecordingStdio user = new RecordingStdio();
        Attachment attached = run(wish("sh", "-c", "echo out; echo err >&2; exit 7"), user);
        assertThat(attached.status().join()).isEqualTo(7);
        assertThat(user.out()).isEqualTo("out\n");
        assertThat(user.err()).isEqualTo("err\n");
        assertThat(containers.list()).isEmpty();
    }

    @Test
    void aContainerSeesAWorldOfItsOwn() {
        RecordingStdio user = new RecordingStdio();
        run(wish("sh", "-c", "echo $$; hostname; ls /sys/class/net; cat /proc/1/comm; id -u"), user).status().join();
        String[] lines = user.out().split("\n");
        assertThat(lines[0]).isEqualTo("1");
        assertThat(lines[1]).hasSize(12);
        assertThat(lines).contains("lo", "0").doesNotContain("eth0");
    }

    @Test
    void inputReachesTheCommandAndItsEndToo() {
        RecordingStdio user = new RecordingStdio("typed\n");
        ContainerSpec spec = new Wish("cat").withStdin().spec(tree);
        assertThat(run(spec, user).status().join()).isZero();
        assertThat(user.out()).isEqualTo("typed\n");
    }

    /** What is told later may come after the program has asked. */
    @Test
    void aProgramKnowsTheSizeOfItsTerminalFromTheStartOn() {
        RecordingStdio user = RecordingStdio.at(new Stdio.Size(33, 77));
        assertThat(run(new Wish("stty", "size").atTerminal().spec(tree), user).status().join()).isZero();
        assertThat(user.out()).isEqualTo("33 77\r\n");
    }

    @Test
    void aMissingCommandIsNamedAndLeavesNoRow() {
        assertThatThrownBy(() -> run(wish("nonesuch"), new RecordingStdio()))
                .isInstanceOfSatisfying(CannotExecute.class,
                problem -> assertThat(problem.missing()).isTrue()).hasMessageContaining("nonesuch");
        assertThatThrownBy(() -> run(wish("/etc/passwd"), new RecordingStdio()))
                .isInstanceOfSatisfying(CannotExecute.class,
                problem -> assertThat(problem.missing()).isFalse());
        assertThat(containers.list()).isEmpty();
    }

    @Test
    void aContainerThatIsKilledSaysBySignal() {
        Attachment attached = containers.run(new Wish("sleep", "1000").named("sleeper").spec(tree), null, _ -> {
        });
        containers.kill("sleeper", Signal.SIGKILL);
        assertThat(attached.status().join()).isEqualTo(137);
        assertThat(containers.inspect("sleeper").exitCode()).isEqualTo(137);
        assertThat(containers.inspect("sleeper").oomKilled()).isFalse();
    }

    @Test
    void stopSendsTheStopSignalAndThenKills() {
        RecordingStdio user = new RecordingStdio();
        run(new Wish("sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done").named("polite")
                .spec(tree), user);
        // Its program runs some time before that has its trap, and the first process ignores what it has none for.
        Awaitility.await().until(() -> user.out().equals("ready\n"));
        containers.stop("polite", null, null);
        assertThat(containers.inspect("polite").exitCode()).isEqualTo(3);
        containers.run(new Wish("sleep", "1000").named("deaf").spec(tree), null, _ -> {
        });
        containers.stop("deaf", null, Duration.ofMillis(100));
        assertThat(containers.inspect("deaf").exitCode()).isEqualTo(137);
    }

    /** Others know its name by then, and there is no way to its shim yet. */
    @Test
    void whatIsKilledWhileItStartsEnds() {
        List<Thread> killers = new ArrayList<>();
        Explanation explanation = whenPlanned(() -> killers.add(waiting(() -> containers.kill("early",
                Signal.SIGKILL))));
        Throwable failure = catchThrowable(() -> assertThat(containers.run(new Wish("sleep", "1000").named("early")
                .spec(tree), null, _ -> { }, explanation).status().join()).isEqualTo(137));
        if (failure != null) {
            assertThat(failure).as("before its program ran").isInstanceOf(SystemFailure.class)
                    .hasMessageContaining("the process was killed");
        }
        killers.forEach(ContainerLifeKernelIT::join);
        assertThat(containers.list()).noneMatch(container -> container.state().isAlive());
    }

    @Test
    void whoWaitsForAContainerThatCannotStartIsTold() {
        AtomicInteger status = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        Explanation explanation = whenPlanned(() -> {
            waiting.add(waiting(() -> status.set(containers.await("never"))));
            throw new IllegalStateException("no way on");
        });
        assertThatThrownBy(() -> containers.run(new Wish("true").named("never").spec(tree), null, _ -> {
        }, explanation)).hasMessageContaining("no way on");
        waiting.forEach(ContainerLifeKernelIT::join);
        assertThat(status).hasValue(125);
        assertThat(containers.list()).isEmpty();
    }

    /** Does something in the middle of a start: the container is on record, and its shim has no plan yet. */
    private static Explanation whenPlanned(Runnable deed) {
        return new Explanation(entries -> {
            if (entries.stream().anyMatch(entry -> entry.phase().equals("plan"))) {
                deed.run();
            }
        });
    }

    /** A thread that does what has to wait, and does wait. */
    private static Thread waiting(Runnable deed) {
        Thread thread = Thread.ofPlatform().start(deed);
        Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anExecRunsInTheContainer() {
        containers.run(new Wish("sleep", "1000").named("sleeper").spec(tree), null, _ -> {
        });
        RecordingStdio user = new RecordingStdio();
        ExecSpec exec = new ExecSpec(List.of("sh", "-c",
                "cat /proc/1/cmdline | tr '\\0' ' '; echo $GIVEN; pwd; exit 5"),
                Map.of("GIVEN", "value"), "/tmp", null, false, false, false);
        assertThat(containers.exec("sleeper", exec, user).status().join()).isEqualTo(5);
        assertThat(user.out()).isEqualTo("sleep 1000 value\n/tmp\n");
    }

    @Test
    void outOfMemoryIsSaid() {
        ContainerSpec spec = new Wish("sh", "-c", "x=0123456789abcdef; while :; do x=$x$x; done").named("hungry")
                .limited(new Limits(16L << 20, null, null, null, null, null)).spec(tree);
        assertThat(containers.run(spec, null, _ -> {
        }).status().join()).isEqualTo(137);
        assertThat(containers.inspect("hungry").oomKilled()).isTrue();
    }

    @Test
    void aRunningContainerIsRemovedWithForceOnly() {
        containers.run(new Wish("sleep", "1000").named("sleeper").spec(tree), null, _ -> {
        });
        assertThatThrownBy(() -> containers.remove("sleeper", false)).isInstanceOf(Conflict.class)
                .hasMessageContaining("it is running");
        containers.remove("sleeper", true);
        assertThatThrownBy(() -> containers.remove("sleeper", true)).isInstanceOf(NotFound.class);
    }

    @Test
    void aContainerOutlivesItsEngineAndTheNextOneKnowsIt() {
        containers.run(new Wish("sh", "-c", "i=0; while [ $i -lt 400 ]; do echo $i; i=$((i+1)); done; sleep 1000")
                .named("sleeper").spec(tree),
                null, _ -> {
                });
        int pid = Objects.requireNonNull(containers.inspect("sleeper").pid());
        leaveToTheNextEngine();
        open();
        context.getBean(Reconciler.class).reconcile();
        assertThat(containers.inspect("sleeper").state()).isEqualTo(ContainerState.RUNNING);
        assertThat(containers.inspect("sleeper").pid()).isEqualTo(pid);
        Awaitility.await().until(() -> logLines("sleeper").size() == 400);
        assertThat(logLines("sleeper")).startsWith("0", "1", "2").endsWith("399");
        containers.stop("sleeper", null, Duration.ZERO);
        assertThat(containers.inspect("sleeper").exitCode()).isEqualTo(137);
    }

    @Test
    void anEndThatNoEngineSawIsRecordedByTheNext() {
        containers.run(new Wish("sleep", "1000").named("sleeper").spec(tree), null, _ -> {
        });
        int pid = Objects.requireNonNull(containers.inspect("sleeper").pid());
        leaveToTheNextEngine();
        assertThat(Processes.kill(pid, Signal.SIGKILL)).isTrue();
        Awaitility.await().until(() -> Processes.startTime(pid).isEmpty());
        open();
        context.getBean(Reconciler.class).reconcile();
        assertThat(containers.inspect("sleeper").state()).isEqualTo(ContainerState.EXITED);
        assertThat(containers.inspect("sleeper").exitCode()).isEqualTo(137);
        assertThat(containers.inspect("sleeper").error()).isNull();
    }

    @Test
    void aKilledShimIsRecordedAndCleanedUp() {
        containers.run(new Wish("sleep", "1000").named("sleeper").spec(tree), null, _ -> {
        });
        int pid = Objects.requireNonNull(containers.inspect("sleeper").pid());
        int shim = parentOf(pid);
        assertThat(Processes.kill(shim, Signal.SIGKILL)).isTrue();
        assertThat(containers.await("sleeper")).isEqualTo(137);
        assertThat(containers.inspect("sleeper").error()).contains("shim was killed");
        Awaitility.await().until(() -> Processes.startTime(pid).isEmpty());
    }

    @Test
    void whatNoLongerDiesWithItsShimIsKilledWhenThatIsLost() throws Exception {
        containers.run(new Wish("sleep", "1000").named("sleeper").spec(tree), null, _ -> {
        });
        Attachment attached = stranger();
        int pid = pidOf(attached);
        assertThat(Processes.kill(parentOf(pid), Signal.SIGKILL)).isTrue();
        assertThat(attached.status().join()).isEqualTo(137);
        Awaitility.await().until(() -> Processes.startTime(pid).isEmpty());

        int other = pidOf(stranger());
        int shim = parentOf(other);
        leaveToTheNextEngine();
        assertThat(Processes.kill(shim, Signal.SIGKILL)).isTrue();
        left.add(shim);
        open();
        context.getBean(Reconciler.class).reconcile();
        Awaitility.await().until(() -> Processes.startTime(other).isEmpty());
    }

    /** A process that has become another user's, and so is not killed by the kernel when its shim dies, prctl(2). */
    private Attachment stranger() throws Exception {
        Attachment attached = containers.exec("sleeper", new ExecSpec(List.of("su", "user", "-c", "exec sleep 1000"),
                Map.of(), null, null, false, false, false), null);
        Path name = Path.of("/proc/" + pidOf(attached) + "/comm");
        Awaitility.await().until(() -> !Files.readString(name).equals("su\n"));
        return attached;
    }

    private int pidOf(Attachment exec) {
        return ((ExitRecord.Running) ExitRecord.read(layout.exitRecord(layout.execRun(exec.id()))).orElseThrow()).pid();
    }

    private static int parentOf(int pid) {
        return (int) ProcessHandle.of(pid).orElseThrow().parent().orElseThrow().pid();
    }

    private List<String> logLines(String name) {
        List<String> lines = new ArrayList<>();
        containers.logs(name).read(new LogQuery(-1, null, null, false),
                entry -> lines.add(new String(entry.text(), StandardCharsets.UTF_8)));
        return lines;
    }

    private Attachment run(ContainerSpec spec, RecordingStdio user) {
        return containers.run(spec, user, _ -> {
        });
    }

    private ContainerSpec wish(String... command) {
        return new Wish(command).removed().spec(tree);
    }

    /** Between looking for an image and recording who uses it there is no time to lose it in. */
    @Test
    void anImageThatGoesWhileAContainerIsMadeIsMissedBeforeAnythingIsMade() throws Exception {
        ImageService images = context.getBean(ImageService.class);
        Runnable load = () -> images.importArchive("tree", archive(), images.reference("local/tree:1"),
                Changes.of(List.of()),
                "", Platform.host());
        load.run();
        assertThatThrownBy(() -> containers.run(new Wish("true").removed().of("local/tree:1",
                meanwhile(() -> images.remove("local/tree:1", false))).spec(tree), null, _ -> { }))
                .isInstanceOf(NotFound.class).hasMessageContaining("cannot find the image 'local/tree:1'");
        assertThat(containers.list()).isEmpty();

        load.run();
        String other = images.resolve("local/tree:1").id();
        assertThat(run(new Wish("true").removed().of("local/tree:1", meanwhile(() -> {
            images.tag(other, "local/tree:2");
            images.remove("local/tree:2", false);
        })).spec(tree), new RecordingStdio()).status().join()).as("what went was something else").isZero();
    }

    /** Mounts that are none: whoever looks at them lets something happen, once. */
    private static List<Mount> meanwhile(Runnable deed) {
        AtomicBoolean done = new AtomicBoolean();
        return new AbstractList<>() {
            @Override
            public Mount get(int index) {
                throw new IndexOutOfBoundsException(index);
            }

            @Override
            public int size() {
                if (!done.getAndSet(true)) {
                    deed.run();
                }
                return 0;
            }
        };
    }

    private InputStream archive() {
        try {
            Path tar = root.resolve("tree.tar");
            Commands.run("tar", "-C", tree.toString(), "-cf", tar.toString(), ".");
            return new ByteArrayInputStream(Files.readAllBytes(tar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A container's wish with everything but the command left as it is by default. */
    private static final class Wish {

        private final List<String> command;
        private String name;
        private boolean stdin;
        private boolean terminal;
        private boolean removed;
        private Limits limits = Limits.NONE;
        private String image;
        private List<Mount> mounts = List.of();

        Wish(String... command) {
            this.command = List.of(command);
        }

        Wish named(String given) {
            name = given;
            return this;
        }

        Wish withStdin() {
            stdin = true;
            removed = true;
            return this;
        }

        Wish atTerminal() {
            terminal = true;
            return removed();
        }

        Wish removed() {
            removed = true;
            return this;
        }

        Wish limited(Limits asked) {
            limits = asked;
            return this;
        }

        Wish of(String name, List<Mount> with) {
            image = name;
            mounts = with;
            return this;
        }

        ContainerSpec spec(Path tree) {
            return new ContainerSpec(name, image == null ? tree.toString() : null, image, null, null, null, command,
                    null, Map.of(), null, null, null, mounts,
                    List.of(), false, limits,
                    List.of(), Signal.SIGTERM, 10, false, NetworkWish.NONE, Map.of(), 0, terminal, stdin, stdin, removed,
                    LogSettings.DEFAULT, null, SecurityWish.DEFAULT, Users.NOT_ASKED, Map.of(), null, null);
        }
    }
}
