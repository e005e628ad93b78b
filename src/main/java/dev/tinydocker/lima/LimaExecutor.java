package dev.tinydocker.lima;

import dev.tinydocker.engine.CommandExecutor;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.Problem;
import dev.tinydocker.shell.HostWords;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Has commands executed in the virtual machine:
 *
 * <pre>
 * limactl ─▶ ssh ─▶ sudo ─▶ tiny, the client there ─▶ engine
 * </pre>
 *
 * The streams are this process's own; limactl gives the command a terminal where standard output is one.
 */
final class LimaExecutor implements CommandExecutor {

    static final int NO_ENGINE = 125;

    /** What ssh(1) says of itself; a command that a signal has ended is no such end, see {@link #WRAPPED}. */
    private static final int CONNECTION_LOST = 255;
    /** In the machine. The shell turns a death by a signal into 128 and its number. */
    private static final String WRAPPED = """
            if ! [ -x "$0" ]; then
              echo "cannot run in the virtual machine: there is no program \\"$0\\"; see 'tiny doctor'" >&2
              exit 125
            fi
            "$0" "$@"
            exit $?""";

    private final LimaCtl lima;
    private final String program;
    private final Path directory;
    private final Map<String, String> environment;
    private final PrintStream err;

    /**
     * @param program the client's path in the machine
     * @param directory where the user is, on this host
     */
    LimaExecutor(LimaCtl lima, String program, Path directory, Map<String, String> environment, PrintStream err) {
        this.lima = lima;
        this.program = program;
        this.directory = directory;
        this.environment = environment;
        this.err = err;
    }

    @Override
    public int execute(List<String> argv) {
        try {
            HostWords words = HostWords.of(argv);
            boolean input = words.readsInput() || System.console() != null;
            int status = lima.run(command(running(), words), input);
            if (status == CONNECTION_LOST) {
                // The command may have ended so too; then the machine still runs.
                running();
            }
            return status;
        } catch (Problem problem) {
            err.println(problem.line());
            return NO_ENGINE;
        }
    }

    @Override
    public String output(List<String> argv) {
        try {
            Answer answer = lima.ask(command(running(), HostWords.of(argv)).toArray(String[]::new));
            return answer.status() == 0 ? answer.out() : "";
        } catch (Problem problem) {
            return "";
        }
    }

    /** Asked before every command: an old limactl executes nothing in an instance that is stopped, and says 0. */
    private Instance running() {
        Standing standing = lima.standing();
        if (standing instanceof Standing.Running(Instance instance)) {
            return instance;
        }
        throw new HostLacks("run in the virtual machine", standing.what(), standing.advice());
    }

    private List<String> command(Instance instance, HostWords words) {
        HostPaths paths = new HostPaths(instance.shared(), directory);
        List<String> command = new ArrayList<>(List.of("--tty=false", "shell", "--workdir",
                paths.find("").orElse("/"), instance.name(), "sudo", "-n"));
        List<String> variables = words.variables().stream().filter(environment::containsKey)
                .map(name -> name + "=" + environment.get(name)).toList();
        if (!variables.isEmpty()) {
            command.add("/usr/bin/env");
            command.addAll(variables);
        }
        command.addAll(List.of("/bin/sh", "-c", WRAPPED, program));
        command.addAll(words.placed(paths::place));
        return command;
    }
}
