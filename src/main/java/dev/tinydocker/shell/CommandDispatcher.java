package dev.tinydocker.shell;

import dev.tinydocker.problem.Problem;
import dev.tinydocker.store.Layout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandExecutionException;
import org.springframework.shell.core.command.CommandExecutor;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.command.ParsedInput;
import org.springframework.stereotype.Service;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Executes one command line for the session that is bound. The one place where failures become a line and an exit
 * status.
 */
@Service
public class CommandDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(CommandDispatcher.class);

    private final DockerCommandParser parser;
    private final CommandRegistry registry;
    private final CommandExecutor executor;
    private final Layout layout;

    CommandDispatcher(DockerCommandParser parser, CommandRegistry registry, Layout layout) {
        this.parser = parser;
        this.registry = registry;
        this.executor = new CommandExecutor(registry);
        this.layout = layout;
    }

    /**
     * Executes the words of one command and returns its exit status; what goes wrong is told to the user.
     * {@link Session#CURRENT} must be bound. No words at all are {@code help}; a path of a file, as the kernel gives it
     * for a {@code #!} line, is a script; the program's own name before a command says nothing.
     */
    public int execute(List<String> argv) {
        Session session = Session.current();
        try {
            return execute(words(argv, session.directory()), session);
        } finally {
            session.out().flush();
            session.err().flush();
        }
    }

    /** @param directory what relative paths start from */
    static List<String> words(List<String> given, Path directory) {
        // Who brings a line along from a shell brings the program's name with it.
        boolean named = !given.isEmpty() && (given.getFirst().equals("tiny")
                || given.size() > 1 && given.getFirst().equals("./tiny"));
        List<String> argv = named ? given.subList(1, given.size()) : given;
        if (argv.isEmpty()) {
            return List.of("help");
        }
        String first = argv.getFirst();
        if (first.contains("/") && Files.isRegularFile(directory.resolve(first))) {
            return List.of("script", "--", first);
        }
        return argv;
    }

    private int execute(List<String> argv, Session session) {
        // As in Docker's client: 125 where the options are wrong, 1 where the command or the number of its arguments
        // is.
        int status = ExitStatuses.FAILED;
        String command = argv.getFirst();
        try {
            ShellCommand found = parser.command(argv);
            status = ExitStatuses.RUNTIME_FAILED;
            ParsedInput input = parser.options(found, argv);
            status = ExitStatuses.FAILED;
            found.check(input);
            command = found.getName();
            return run(command, input, session);
        } catch (Problem problem) {
            tell(session, problem.line());
            return status;
        } catch (RuntimeException | Error e) {
            return unexpected(session, command, e);
        }
    }

    private int run(String command, ParsedInput input, Session session) {
        CommandContext context = new CommandContext(input, registry, new PrintWriter(session.out()), new InputReader() {
        });
        try {
            return executor.execute(context).code();
        } catch (CommandExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                LOG.debug("{} failed", command, problem);
                tell(session, problem.line());
                return ExitStatuses.of(command, problem);
            }
            return unexpected(session, command, Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private int unexpected(Session session, String command, Throwable e) {
        LOG.error("{} failed unexpectedly", command, e);
        tell(session, "cannot execute '" + command + "': " + e.getClass().getSimpleName() + " was not expected; see "
                + layout.engineLog());
        return command.equals("run") || command.equals("exec") ? ExitStatuses.RUNTIME_FAILED : ExitStatuses.FAILED;
    }

    /** What was printed before comes out before. */
    private static void tell(Session session, String line) {
        session.out().flush();
        session.err().println(line);
    }
}
