package dev.tinydocker.lima;

import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.SystemFailure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The steps from nothing to a container that runs in the virtual machine. */
final class LimaSetup {

    private static final Duration CREATING = Duration.ofMinutes(30);
    private static final Duration STARTING = Duration.ofMinutes(35);
    private static final Duration BUILDING = Duration.ofMinutes(30);
    private static final Duration RUNNING = Duration.ofMinutes(5);
    private static final String HELLO = "hello from a container in the virtual machine";
    private static final String WROTE = "written in the virtual machine";

    private final LimaCtl lima;
    private final LimaDoctor doctor;
    private final String program;
    private final Path home;

    /**
     * @param program the client's path in the machine
     * @param home the directory of the program here, which is shared
     */
    LimaSetup(LimaCtl lima, LimaDoctor doctor, String program, Path home) {
        this.lima = lima;
        this.doctor = doctor;
        this.program = program;
        this.home = home;
    }

    List<SetupStep> steps(SetupOptions options) {
        String name = lima.instance();
        List<String> create = create(options);
        List<String> start = List.of("--tty=false", "start", "--timeout=30m", name);
        List<String> build = inside(Path.of(program).getParent() + "/src/main/sh/guest",
                String.valueOf(Path.of(program).getParent()));
        List<SetupStep> steps = new ArrayList<>();
        steps.add(new SetupStep("limactl is installed, " + LimaVersion.LEAST + " or newer", said(List.of("--version")),
                _ -> installed()));
        if (options.recreate()) {
            List<String> delete = List.of("--tty=false", "delete", "-f", name);
            steps.add(new SetupStep("the old instance is gone", said(delete), log -> recreate(log, delete)));
        }
        steps.add(new SetupStep("the instance exists", said(create), log -> created(log, create, options.sizes())));
        steps.add(new SetupStep("it is running", said(start), log -> started(log, start)));
        steps.add(new SetupStep("its architecture is known", said(inside("uname", "-m")), _ -> machine()));
        steps.add(new SetupStep("the directory is shared, both ways", List.of(), _ -> shared()));
        steps.add(new SetupStep("the program is in there, for that architecture", said(build),
                log -> built(log, build)));
        steps.add(new SetupStep("a root file system is there", said(inside(program, "rootfs", "pull", "busybox")),
                log -> logged(log, RUNNING, inside(program, "rootfs", "pull", "busybox"))));
        steps.add(new SetupStep("nothing is in the way of the engine", List.of("tiny doctor"), _ -> checked()));
        List<String> hello = inside(program, "run", "--rm", "busybox", "echo", HELLO);
        steps.add(new SetupStep("a container runs", said(hello), log -> hello(log, hello)));
        return steps;
    }

    private List<String> create(SetupOptions options) {
        List<String> words = new ArrayList<>(List.of("--tty=false", "create", "--name", lima.instance()));
        words.addAll(options.sizes());
        // As yq reads it: a string of JSON.
        String workspace = home.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        words.addAll(List.of("--set", ".param.workspace = \"" + workspace + "\"",
                home.resolve("lima.yaml").toString()));
        return words;
    }

    private List<String> inside(String... words) {
        return Stream.concat(Stream.of("--tty=false", "shell", "--workdir", "/", lima.instance(), "sudo", "-n"),
                Stream.of(words)).toList();
    }

    private static List<String> said(List<String> words) {
        return List.of("limactl " + words.stream().map(word -> word.matches("[\\w=./:-]+") ? word
                : "'" + word.replace("'", "'\\''") + "'").collect(Collectors.joining(" ")));
    }

    private String installed() {
        Standing standing = lima.standing();
        if (standing instanceof Standing.NotInstalled || standing instanceof Standing.TooOld
                || standing instanceof Standing.Unclear || standing instanceof Standing.Foreign) {
            throw refused(standing);
        }
        return lima.ask("--version").out().strip();
    }

    private String recreate(Path log, List<String> delete) {
        return lima.standing() instanceof Standing.Absent ? "there was none" : logged(log, CREATING, delete);
    }

    private String created(Path log, List<String> create, List<String> sizes) {
        Standing standing = lima.standing();
        return switch (standing) {
            case Standing.Absent _ -> logged(log, CREATING, create);
            case Standing.Running(Instance instance) -> existing(instance, sizes);
            case Standing.Stopped(Instance instance) -> existing(instance, sizes);
            case Standing.Broken(Instance instance, String _) -> existing(instance, sizes);
            case Standing.NotInstalled _, Standing.TooOld _, Standing.Unclear _, Standing.Foreign _ ->
                throw refused(standing);
        };
    }

    private static String existing(Instance instance, List<String> sizes) {
        return instance.has(sizes) ? "it did" : "it did, and keeps its sizes; 'limactl edit " + String.join(" ", sizes)
                + " " + instance.name() + "' changes them while it is stopped";
    }

    private String started(Path log, List<String> start) {
        Standing standing = lima.standing();
        if (standing instanceof Standing.Running) {
            return "it was";
        }
        if (!(standing instanceof Standing.Stopped)) {
            throw refused(standing);
        }
        return lima.starting(() -> logged(log, STARTING, start));
    }

    private Instance running() {
        Standing standing = lima.standing();
        if (standing instanceof Standing.Running(Instance instance)) {
            return instance;
        }
        throw refused(standing);
    }

    private String machine() {
        Answer answer = lima.ask(inside("uname", "-m").toArray(String[]::new));
        if (answer.status() != 0) {
            throw failed("ask the virtual machine", LimaCtl.said(answer));
        }
        return answer.out().strip();
    }

    /** That a file is there does not prove that it is this one: what is in it is compared, and written to. */
    private String shared() {
        String place = new HostPaths(running().shared(), home).place("workspace", home.toString());
        String word = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Path probe = home.resolve(".tiny-probe-" + word);
        try {
            Files.writeString(probe, word);
            try {
                Answer answer = lima.ask(inside("/bin/sh", "-c", "cat \"$1\" && printf %s \"$2\" >\"$1\"", "probe",
                        place + "/" + probe.getFileName(), WROTE).toArray(String[]::new));
                if (!answer.out().equals(word)) {
                    throw failed("use the directory '" + home + "' in the virtual machine",
                            HostPaths.unshared("workspace", home.toString()));
                }
                if (answer.status() != 0 || !Files.readString(probe).equals(WROTE)) {
                    throw failed("write to '" + home + "' in the virtual machine", LimaCtl.said(answer));
                }
                return home.toString();
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            throw failed("write to '" + home + "'", String.valueOf(e.getMessage()));
        }
    }

    private String built(Path log, List<String> build) {
        String place = new HostPaths(running().shared(), home).place("workspace", home.toString());
        List<String> words = new ArrayList<>(build);
        words.set(words.size() - 2, place + "/src/main/sh/guest");
        return logged(log, BUILDING, words);
    }

    private String checked() {
        List<LimaDoctor.Finding> problems = doctor.findings(home, home.resolve("rootfs-cache").toString()).stream()
                .filter(finding -> !finding.ok()).toList();
        if (!problems.isEmpty()) {
            throw new SystemFailure("use the virtual machine", problems.getFirst().what(), problems.getFirst().advice());
        }
        return "";
    }

    /** A line of its own: the command that says it is in there too. */
    private String hello(Path log, List<String> hello) {
        logged(log, RUNNING, hello);
        try {
            if (!Files.readAllLines(log).contains(HELLO)) {
                throw failed("run a container in the virtual machine", "it did not say hello");
            }
        } catch (IOException e) {
            throw failed("read '" + log + "'", String.valueOf(e.getMessage()));
        }
        return "";
    }

    private String logged(Path log, Duration patience, List<String> words) {
        try {
            Files.write(log, (said(words).getFirst() + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed("write '" + log + "'", String.valueOf(e.getMessage()));
        }
        int status = lima.program().logged(log, patience, words);
        if (status != 0) {
            String why = LimaCtl.lastSaid(log).orElse("limactl ended with " + status);
            String mend = why.contains("UNIX_PATH_MAX") ? "set LIMA_HOME to a directory whose path is shorter" : "see '"
                    + log + "'";
            throw new SystemFailure("set up the virtual machine", why,
                    mend + ", and give 'tiny setup lima' again: it goes on here");
        }
        return "";
    }

    private static HostLacks refused(Standing standing) {
        return new HostLacks("set up the virtual machine", standing.what(), standing.advice());
    }

    private static SystemFailure failed(String what, String why) {
        return new SystemFailure(what, why, "see 'tiny doctor'");
    }
}
