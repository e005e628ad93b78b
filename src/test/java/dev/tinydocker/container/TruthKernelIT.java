package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.container.Explanation.Entry;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.plan.KernelCall;
import dev.tinydocker.problem.CannotExecute;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.store.Layout;
import dev.tinydocker.store.TreeDeleter;
import dev.tinydocker.support.BusyboxTree;
import dev.tinydocker.support.RecordingStdio;
import dev.tinydocker.volume.Mount;
import dev.tinydocker.volume.MountParser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is explained is what is done: shims run under strace(1), and every call that changes mounts, namespaces,
 * identity or filters is compared with what was told, in order.
 */
@Timeout(120)
class TruthKernelIT {

    private static final Set<String> WATCHED = Set.of("mount", "umount", "umount2", "pivot_root", "move_mount",
            "open_tree", "open_tree_attr", "mount_setattr", "fsopen", "fsconfig", "fsmount", "fspick", "clone", "clone3",
            "unshare", "setns", "setgroups", "setresgid", "setresuid", "setregid", "setreuid", "setuid", "setgid",
            "setfsuid", "setfsgid", "capset", "seccomp", "bpf", "sethostname", "setdomainname", "chroot", "prctl",
            "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "keyctl");
    private static final Set<String> CONTROLS = Set.of("PR_CAPBSET_DROP", "PR_CAP_AMBIENT", "PR_SET_KEEPCAPS",
            "PR_SET_NO_NEW_PRIVS", "PR_SET_SECCOMP", "PR_SET_SECUREBITS");
    private static final Pattern CALL = Pattern.compile("^[0-9]+ +([a-z_0-9]+)\\((.*)\\) += (-?[0-9]+).*");
    /** Names of flags that say what is done; how a descriptor is passed is not what is explained. */
    private static final Pattern FLAG = Pattern
            .compile("\\b(?:MS|CLONE_NEW|MOUNT_ATTR|CAP|PR|MNT|SECCOMP|KEYCTL|LANDLOCK_RULE)_?[A-Z0-9_]+");

    /** A line of uid_map or gid_map, user_namespaces(7): what is written there makes users of a namespace. */
    private static final Pattern MAP = Pattern.compile("\"([0-9]+ [0-9]+ [0-9]+)(?:\\\\n)?\"");

    private static final int MANY_CAPABILITIES = 20;
    private static final double ENOUGH = 0.95;
    private static final int TRIES = 20;

    private Path root;
    private Path tree;
    private Path traces;
    private ConfigurableApplicationContext context;
    private ContainerService containers;

    @BeforeEach
    void start() throws Exception {
        root = Files.createTempDirectory("td");
        tree = Files.createDirectory(root.resolve("tree"));
        traces = Files.createDirectory(root.resolve("traces"));
        BusyboxTree.make(tree);
        context = EngineRooms.start(root, home());
        containers = context.getBean(ContainerService.class);
    }

    /**
     * A program whose shim is traced. The tracer is a grandchild (-D), so that the shim is who it would be. It is started
     * by a program and not by a script, which has no name to be read by when it is executed from memory.
     */
    private Path home() throws Exception {
        Path real = new Layout("", "", "").shimProgram();
        Path home = root.resolve("home");
        Path shim = new Layout("", "", home.toString()).shimProgram();
        Files.createDirectories(shim.getParent());
        Path source = Files.writeString(root.resolve("traced.c"), """
                #include <stdio.h>
                #include <string.h>
                #include <unistd.h>
                int main(int argc, char *argv[])
                {
                    char out[200];
                    if (argc > 1 && strcmp(argv[1], "--ahead"))
                        return execv("%1$s", argv);
                    // As the shim does: a tracer would keep others' pipes open as long as it traces.
                    for (int fd = 4; fd < 1024; fd++)
                        close(fd);
                    snprintf(out, sizeof(out), "%2$s/%%d", getpid());
                    return execlp("strace", "strace", "-D", "-f", "-s", "200", "-o", out, "%1$s",
                                  argc > 1 ? argv[1] : NULL, argc > 1 ? argv[2] : NULL, NULL);
                }
                """.formatted(real, traces));
        assertThat(new ProcessBuilder("cc", "-o", shim.toString(), source.toString()).inheritIO().start().waitFor())
                .isZero();
        Files.createSymbolicLink(home.resolve("config"), Path.of("config").toAbsolutePath());
        return home;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        containers.list().forEach(container -> containers.remove(container.id(), true));
        // A shim that this JVM does not reap before its engine's end would be its zombie.
        Awaitility.await().until(() -> ProcessHandle.current().children().findAny().isEmpty());
        context.close();
        TreeDeleter.delete(root);
    }

    private ContainerSpec wish(String user, boolean tty, boolean readOnly, boolean init, NetworkMode network,
            SecurityWish walls, List<Mount> mounts) {
        return wish(List.of("true"), user, tty, readOnly, init, NetworkWish.of(network), walls, mounts, Users.HOST,
                Map.of());
    }

    private ContainerSpec wish(List<String> command, String user, boolean tty, boolean readOnly, boolean init,
            NetworkWish network, SecurityWish walls, List<Mount> mounts, Users users, Map<String, String> sysctls) {
        return new ContainerSpec(null, tree.toString(), null, null, null, null, command, null, Map.of(), "/tmp",
                user, "box", mounts, List.of(), readOnly, Limits.NONE, List.of(), null, 10, init, network, Map.of(), 0,
                tty, false, false, true, LogSettings.DEFAULT, null, walls, users, sysctls, null, null);
    }

    /** As run makes it by default: with a network, and users of its own. */
    private ContainerSpec usual(List<String> command, String user, List<Mount> mounts, Map<String, String> sysctls) {
        return wish(command, user, false, false, false, NetworkWish.of(NetworkMode.ISOLATED), SecurityWish.DEFAULT,
                mounts, Users.parse("map=0:1900000000:65536"), sysctls);
    }

    /** Names and flags of the calls that count; a mount's with what is mounted. */
    private static String reduced(String name, String arguments) {
        Set<String> words = new TreeSet<>();
        Matcher flags = FLAG.matcher(arguments);
        while (flags.find()) {
            words.add(flags.group());
        }
        if (name.equals("capset") && (words.size() > MANY_CAPABILITIES
                || arguments.contains("effective=permitted"))) {
            return name;
        }
        if (name.equals("mount")) {
            String[] parts = arguments.split(", ");
            words.add(parts[0]);
            words.add(parts[2]);
        }
        Matcher map = MAP.matcher(arguments);
        if (name.equals("write") && map.find()) {
            words.add(map.group(1));
        }
        return name + words;
    }

    private static boolean counts(String name, String arguments) {
        // Who asks who it is changes nothing, and a capset for all there is names them only where it is done.
        boolean asks = name.startsWith("setfs") && arguments.equals("-1")
                || name.equals("clone") && !arguments.contains("CLONE_NEW");
        return name.equals("write") && MAP.matcher(arguments).find()
                || WATCHED.contains(name) && !asks && (!name.equals("prctl")
                || CONTROLS.stream().anyMatch(arguments::startsWith));
    }

    private static List<String> told(List<Entry> entries) {
        return reduced(entries.stream().map(Entry::calls).flatMap(List::stream));
    }

    private static List<String> reduced(Stream<KernelCall> calls) {
        return calls
                .filter(call -> counts(call.name(), String.join(", ", call.arguments())))
                .map(TruthKernelIT::reduced).toList();
    }

    private static String reduced(KernelCall call) {
        return reduced(call.name(), String.join(", ", call.arguments()));
    }

    /** What succeeded between the shim's own execve and that of the container's program. */
    private List<String> seen() throws IOException {
        return seen(Set.of());
    }

    /** The same of the shim that has been started last. @param before what traces there were before */
    private List<String> seen(Set<Path> before) throws IOException {
        try (Stream<Path> files = Files.list(traces)) {
            Path trace = files.filter(file -> !before.contains(file)).findFirst().orElseThrow();
            // The tracer ends last, and has written all by then.
            Awaitility.await().until(() -> Files.readString(trace).stripTrailing().endsWith("+++ exited with 0 +++"));
            List<String> seen = new ArrayList<>();
            for (String line : whole(Files.readAllLines(trace)).stream().skip(1).toList()) {
                if (line.contains(" execve(")) {
                    break;
                }
                Matcher call = CALL.matcher(line.replaceAll("/\\*.*?\\*/", ""));
                if (call.matches() && !call.group(3).startsWith("-") && counts(call.group(1), call.group(2))) {
                    seen.add(reduced(call.group(1), call.group(2)));
                }
            }
            Files.delete(trace);
            return seen;
        }
    }

    /** A call that another process interrupts is in two lines: puts it together where it began. */
    private static List<String> whole(List<String> lines) {
        List<String> found = new ArrayList<>();
        Map<String, Integer> begun = new HashMap<>();
        for (String line : lines) {
            String pid = line.substring(0, line.indexOf(' '));
            Matcher rest = Pattern.compile("[0-9]+ +<\\.\\.\\. \\w+ resumed>(.*)").matcher(line);
            Integer place = begun.get(pid);
            if (line.endsWith("<unfinished ...>")) {
                begun.put(pid, found.size());
                found.add(line.substring(0, line.length() - "<unfinished ...>".length()).stripTrailing());
            } else if (rest.matches() && place != null) {
                found.set(place, found.get(place) + rest.group(1));
            } else {
                found.add(line);
            }
        }
        return found;
    }

    private void compare(ContainerSpec wish) throws IOException {
        compare(wish, Set.of());
    }

    /** @param before what traces there were before */
    private void compare(ContainerSpec wish, Set<Path> before) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Attachment attached = containers.run(wish, new RecordingStdio(), notice -> { },
                new Explanation(entries::addAll));
        assertThat(attached.status().join()).isZero();
        List<String> seen = seen(before);
        assertThat(seen).hasSizeGreaterThan(20);
        assertThat(told(entries)).containsExactlyElementsOf(seen);
    }

    @Test
    void everyCallIsToldAndNoneIsInvented() throws IOException {
        Files.writeString(tree.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nbob:x:1000:1000::/:/bin/sh\n");
        compare(wish(null, false, false, false, NetworkMode.NONE, SecurityWish.DEFAULT, List.of()));
        compare(wish("bob", false, true, true, NetworkMode.HOST, new SecurityWish(false, List.of("CAP_NET_RAW"),
                List.of("ALL"), true, null, List.of(), null), List.of()));
        compare(wish("0", true, false, false, NetworkMode.ISOLATED, new SecurityWish(true, List.of(), List.of(), false, null, List.of(), null),
                List.of()));
    }

    @Test
    void theUsualRunIsToldWhole() throws IOException {
        Files.writeString(tree.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nbob:x:1000:1000::/:/bin/sh\n");
        Path shown = Files.createDirectory(root.resolve("shown"));
        compare(usual(List.of("true"), null, List.of(), Map.of()));
        // A bind, which shows other owners, a user who is not root, and a setting that only its own root may write.
        compare(usual(List.of("true"), "bob", List.of(new Mount.Tmpfs("/memory", null, null, false, false),
                bind(shown)), Map.of("net.ipv4.ip_forward", "1")));
        compare(wish(List.of("true"), null, false, false, false, NetworkWish.of(NetworkMode.ISOLATED),
                new SecurityWish(false, List.of("CAP_SYS_ADMIN"), List.of(), null, null, List.of(), null),
                List.of(bind(shown)),
                Users.parse("map=0:1900000000:65536"), Map.of()));
    }

    /** A terminal, a process 1 of the shim's, a root that is read-only, what is unconfined, and what is privileged. */
    @Test
    void otherKindsOfRunAreToldWhole() throws IOException {
        Users own = Users.parse("map=0:1900000000:65536");
        SecurityWish unconfined = new SecurityWish(false, List.of("ALL"), List.of(), false, "unconfined",
                List.of("/proc/kcore", "/sys/firmware"), null);
        SecurityWish privileged = new SecurityWish(true, List.of(), List.of(), false, null, List.of(), null);
        compare(wish(List.of("true"), "1000:1000", true, true, true, NetworkWish.of(NetworkMode.ISOLATED),
                SecurityWish.DEFAULT, List.of(new Mount.Tmpfs("/memory", null, null, false, false)), own,
                Map.of("kernel.shm_rmid_forced", "1")));
        compare(wish(List.of("true"), null, false, false, false, NetworkWish.of(NetworkMode.HOST), unconfined, List.of(),
                own, Map.of()));
        compare(wish(List.of("true"), null, false, false, true, NetworkWish.NONE, privileged, List.of(), Users.HOST,
                Map.of()));
    }

    private static Mount bind(Path source) {
        return MountParser.volume(source + ":/shown:ro", source.getParent());
    }

    @Test
    void whatExecDoesIsToldToo() throws IOException {
        for (ContainerSpec wish : List.of(usual(List.of("sleep", "1000"), null, List.of(), Map.of()),
                wish(List.of("sleep", "1000"), null, false, false, false, NetworkWish.NONE, SecurityWish.DEFAULT,
                        List.of(), Users.HOST, Map.of()))) {
            Attachment running = containers.run(wish, new RecordingStdio(), notice -> { });
            Set<Path> before = traced();
            best(() -> executed(running.id(), before, null, false));
            executed(running.id(), before, "1000:1000", true);
            containers.kill(running.id(), Signal.SIGKILL);
            running.status().join();
            seen(Set.of());
        }
    }

    @Test
    void whatWasDoneBeforeAFailureIsToldWhole() throws IOException {
        List<Entry> entries = new ArrayList<>();
        ContainerSpec wish = usual(List.of("nothing"), null, List.of(), Map.of());
        assertThatExceptionOfType(CannotExecute.class).isThrownBy(() -> containers.run(wish, new RecordingStdio(),
                notice -> { }, new Explanation(entries::addAll)));
        assertThat(told(entries)).hasSizeGreaterThan(20).containsExactlyElementsOf(seen());
        assertThat(entries.stream().filter(entry -> !entry.end().isEmpty())).singleElement()
                .satisfies(failed -> assertThat(failed.end()).startsWith("FAILED: ").contains("ENOENT"));
        assertThat(entries.getLast()).extracting(Entry::phase).isEqualTo("undo");
    }

    /** What traces there are. */
    private Set<Path> traced() throws IOException {
        try (Stream<Path> files = Files.list(traces)) {
            return files.collect(Collectors.toSet());
        }
    }

    @Test
    void theNetworkOfAnotherOneIsJoinedAsTold() throws IOException {
        Attachment other = containers.run(wish(List.of("sleep", "1000"), null, false, false, false, NetworkWish.NONE,
                SecurityWish.DEFAULT, List.of(), Users.HOST, Map.of()), new RecordingStdio(), notice -> { });
        NetworkWish joined = new NetworkWish(NetworkMode.CONTAINER, List.of(), List.of(), false, null,
                List.of(Endpoint.of(NetworkMode.word(other.id()))));
        compare(wish(List.of("true"), null, false, false, false, joined, SecurityWish.DEFAULT, List.of(), Users.HOST,
                Map.of()), traced());
        containers.kill(other.id(), Signal.SIGKILL);
        other.status().join();
        seen();
    }

    /** Executes a program and compares what is told of that. @return how much of its time is told */
    private double executed(String container, Set<Path> before, String user, boolean tty) throws IOException {
        ExecSpec exec = new ExecSpec(List.of("true"), Map.of(), null, user, tty, false, false);
        List<Entry> entries = new ArrayList<>();
        long begin = System.nanoTime();
        Explanation explanation = new Explanation(entries::addAll);
        Attachment executed = containers.exec(container, exec, new RecordingStdio(), explanation);
        explanation.end();
        long wall = System.nanoTime() - begin;
        assertThat(executed.status().join()).isZero();
        List<String> told = new ArrayList<>(told(entries));
        // What becomes of the shim's children is set before there is one.
        assertThat(told.remove("setns[CLONE_NEWPID]")).isTrue();
        told.add(0, "setns[CLONE_NEWPID]");
        assertThat(told).hasSizeGreaterThan(20).anyMatch(call -> call.startsWith("seccomp["))
                .containsExactlyElementsOf(seen(before));
        return share(entries, explanation, wall);
    }

    /** An engine that begins just then would find neither a process nor its end, and take the shim for killed. */
    @Test
    void anEndIsRecordedBeforeItsProcessIsGone() throws IOException {
        Attachment ended = containers.run(wish(List.of("sh", "-c", "exit 3"), null, false, false, false, NetworkWish.NONE,
                SecurityWish.DEFAULT, List.of(), Users.HOST, Map.of()), new RecordingStdio(), notice -> { });
        assertThat(ended.status().join()).isEqualTo(3);
        try (Stream<Path> files = Files.list(traces)) {
            Path trace = files.findFirst().orElseThrow();
            Awaitility.await().until(() -> Files.readString(trace).stripTrailing().endsWith("+++ exited with 0 +++"));
            assertThat(Files.readString(trace)).containsSubsequence("\"exited 3 0 ", " wait4(")
                    .doesNotContainPattern("(?s) wait4\\(.*\"exited 3 0 ");
        }
    }

    @Test
    void timesAddUpToTheWholeStart() throws IOException {
        best(() -> share(wish(null, false, false, false, NetworkMode.NONE, SecurityWish.DEFAULT, List.of())));
        best(() -> share(usual(List.of("true"), null, List.of(), Map.of())));
    }

    /** A start, and how much of it is told. */
    private interface Start {

        double share() throws IOException;
    }

    /**
     * Others may have the processor when the start is told and its caller is to go on, which is no part of it: of a few
     * starts one must not be met by that.
     */
    private static void best(Start start) throws IOException {
        List<Double> shares = new ArrayList<>();
        while (shares.size() < TRIES && (shares.isEmpty() || shares.getLast() < ENOUGH)) {
            shares.add(start.share());
        }
        assertThat(shares).allMatch(share -> share <= 1.0).anyMatch(share -> share >= ENOUGH);
    }

    /** How much of a start is told. */
    private double share(ContainerSpec wish) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long begin = System.nanoTime();
        Explanation explanation = new Explanation(entries::addAll);
        Attachment attached = containers.run(wish, new RecordingStdio(), notice -> { }, explanation);
        explanation.end();
        long wall = System.nanoTime() - begin;
        attached.status().join();
        seen();
        // It may be alive before the shim's clone has returned: then coming to life has taken no time of its own.
        assertThat(entries.stream().filter(entry -> entry.who().equals("child") && !entry.calls().isEmpty()))
                .allMatch(entry -> entry.nanos() > 0);
        return share(entries, explanation, wall);
    }

    private static double share(List<Entry> entries, Explanation explanation, long wall) {
        long sum = entries.stream().filter(entry -> !entry.beside()).mapToLong(Entry::nanos).sum();
        assertThat(sum).isEqualTo(explanation.nanos());
        assertThat(entries).extracting(Entry::who).contains("engine", "shim", "child");
        return (double) sum / wall;
    }
}
