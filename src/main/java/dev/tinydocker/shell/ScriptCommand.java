package dev.tinydocker.shell;

import dev.tinydocker.linux.FileFailures;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;

/** {@code script FILE}: executes a command a line until one fails, and ends with its exit status. */
@Component
final class ScriptCommand extends ShellCommand {

    private static final OptionSpec KEEP_GOING = OptionSpec.flag('k', "keep-going",
            "go on after a command that failed");
    private static final int DEEPEST = 16;
    /** No process ends with more. */
    private static final int MOST = 255;
    private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

    private final ToIntFunction<List<String>> commands;

    /** @param dispatcher executes commands, of which this is one: asked for when it is needed */
    @Autowired
    ScriptCommand(ObjectProvider<CommandDispatcher> dispatcher) {
        this((List<String> argv) -> dispatcher.getObject().execute(argv));
    }

    /** @param commands executes the words of a line for the session that is bound, and returns its exit status */
    ScriptCommand(ToIntFunction<List<String>> commands) {
        super(Usage.of(Usage.ENGINE, "script", "Execute the commands in a file, or those on standard input (-)")
                .takes(1, 1, "FILE|-", Candidates.FILE).options(KEEP_GOING).example("script setup.tiny"));
        this.commands = commands;
    }

    @Override
    int execute(Invocation invocation) {
        String name = invocation.argument(0);
        int depth = DEPTH.orElse(0);
        if (depth == DEEPEST) {
            throw new InvalidRequest("execute '" + name + "'", "scripts execute one another " + DEEPEST + " deep",
                    "look for one that executes itself");
        }
        boolean standardInput = name.equals("-");
        Session session = standardInput ? new WithoutInput(invocation.session()) : invocation.session();
        try (BufferedReader lines = standardInput ? read(invocation.session()) : open(name, invocation.path(name))) {
            ScriptReader script = new ScriptReader(standardInput ? "standard input" : name, lines);
            return ScopedValue.where(DEPTH, depth + 1).where(Session.CURRENT, session)
                    .call(() -> run(script, session, invocation.flag(KEEP_GOING)));
        } catch (IOException e) {
            throw new SystemFailure("read '" + name + "'", FileFailures.reason(e), "", e);
        }
    }

    /** Of {@code exit STATUS}. */
    private static int exitStatus(List<String> argv) {
        String word = String.join(" ", argv.subList(1, argv.size()));
        if (!word.matches("\\d{1,3}") || Integer.parseInt(word) > MOST) {
            throw new InvalidRequest("execute '" + argv.getFirst() + "'", "'" + word + "' is no exit status",
                    "give one of 0 to " + MOST + ", or nothing");
        }
        return Integer.parseInt(word);
    }

    private static BufferedReader read(Session session) {
        return new BufferedReader(new InputStreamReader(session.in(), StandardCharsets.UTF_8));
    }

    private static BufferedReader open(String name, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new InvalidRequest("read '" + name + "'", "it is a directory",
                    "name a file with a command on each line");
        }
        try {
            return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new NotFound("read '" + name + "'", "there is no such file",
                    "name a file with a command on each line", e);
        }
    }

    private int run(ScriptReader script, Session session, boolean keepGoing) throws IOException {
        AtomicBoolean interrupted = new AtomicBoolean();
        int result = 0;
        try (Session.Interest _ = session.onInterrupt(() -> interrupted.set(true))) {
            for (Optional<ScriptReader.Line> line = script.next(); line.isPresent(); line = script.next()) {
                List<String> argv = line.get().argv();
                if (argv.getFirst().equals("exit") || argv.getFirst().equals("quit")) {
                    return argv.size() == 1 ? result : exitStatus(argv);
                }
                int status = commands.applyAsInt(argv);
                if (interrupted.get() || status == ExitStatuses.INTERRUPTED) {
                    return ExitStatuses.INTERRUPTED;
                }
                if (status != 0) {
                    result = result == 0 ? status : result;
                    session.err().println(script.name() + ": line " + line.get().number() + " ended with " + status);
                    if (!keepGoing) {
                        return status;
                    }
                }
            }
        }
        return result;
    }
}
