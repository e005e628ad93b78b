package dev.tinydocker.shell;

import dev.tinydocker.store.Layout;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a host executes itself where the engine is elsewhere: commands of its own; scripts, whose lines want of this
 * host what typed ones do; and help and completion, in which its commands stand beside the engine's.
 */
public final class HostShell {

    private static final String GROUP = "On this host";
    private static final String HELP = "help";

    private final Engine engine;
    private final CommandRegistry registry;
    private final List<Command> listed;
    private final Set<String> names;
    private final CommandDispatcher dispatcher;

    /** The engine that is elsewhere, for the session that is bound. */
    public interface Engine {

        /** Has a command executed, and returns its exit status; what goes wrong is told. */
        int execute(List<String> argv);

        /** Executes one out of the user's sight, and returns what it printed; nothing where that cannot be at once. */
        String output(List<String> argv);
    }

    /**
     * @param listed commands that the engine has none like
     * @param silent those that stand for one of the engine's, and are listed there
     * @param layout of this host
     */
    public HostShell(List<HostCommand> listed, List<HostCommand> silent, Engine engine, Layout layout) {
        this.engine = engine;
        this.listed = listed.stream().<Command>map(command -> new Own(GROUP, command)).toList();
        List<Command> all = new ArrayList<>(this.listed);
        silent.forEach(command -> all.add(new Own("", command)));
        all.add(new ScriptCommand(this::execute));
        this.names = all.stream().map(command -> command.getName().split(" ")[0]).collect(Collectors.toSet());
        all.add(new Help());
        all.add(new Complete());
        this.registry = new NamedCommands(all);
        this.dispatcher = new CommandDispatcher(new DockerCommandParser(registry), registry, layout);
    }

    /**
     * A command's words, beginning with its name: without the program's, {@code help} where there are none, and
     * {@code script} before a file.
     *
     * @param directory what relative paths start from
     */
    public static List<String> words(List<String> given, Path directory) {
        return CommandDispatcher.words(given, directory);
    }

    /** Whether such words, as {@link #words} gives them, are for this host. */
    public boolean executes(List<String> words) {
        List<String> whole = Aliases.expand(words, registry);
        String first = whole.getFirst();
        if (first.equals(HELP)) {
            return whole.size() == 1 || names.contains(whole.get(1));
        }
        // A path is one of this host's, also where there is nothing: another file may be there, where the engine is.
        return names.contains(first) || first.equals(CompleteCommand.NAME) || first.contains("/");
    }

    /** Executes the words of one command for the session that is bound, wherever that is done. */
    public int execute(List<String> argv) {
        List<String> words = words(argv, Session.current().directory());
        return executes(words) ? dispatcher.execute(words) : engine.execute(words);
    }

    /** One of the host's own. */
    private static final class Own extends ShellCommand {

        private final HostCommand command;

        Own(String group, HostCommand command) {
            super(command.usage(group));
            this.command = command;
        }

        @Override
        int execute(Invocation invocation) {
            return command.deed().execute(option -> usage().options().stream()
                    .filter(spec -> spec.name().equals(option)).findFirst().flatMap(invocation::value),
                    invocation.session());
        }
    }

    /** {@code help}: the engine's, and then these. */
    private final class Help extends ShellCommand {

        Help() {
            super(Usage.of("", HELP, "").takes(0, 2, "[COMMAND]", Candidates.COMMAND));
        }

        @Override
        int execute(Invocation invocation) {
            if (!invocation.arguments().isEmpty()) {
                invocation.out().print(HelpCommand.text(registry, invocation.arguments()));
                return 0;
            }
            int status = engine.execute(List.of(HELP));
            invocation.out().print(HelpText.more(GROUP, listed));
            return status;
        }
    }

    /** {@code __complete}, which the engine answers but for what it does not know: these commands, the user's files. */
    private final class Complete extends ShellCommand {

        Complete() {
            super(Usage.of("", CompleteCommand.NAME, "").takes(0, Usage.MANY, "WORD...", Candidates.NOTHING)
                    .optionsComeFirst());
        }

        @Override
        int execute(Invocation invocation) {
            List<String> line = invocation.arguments();
            CompletionPoint point = CompletionPoint.of(line, registry);
            Path directory = invocation.session().directory();
            Stream<Candidate> candidates;
            if (line.size() > 1 && names.contains(line.getFirst())) {
                candidates = Stream.concat(point.words().stream(), files(point, directory));
            } else {
                List<String> words = new ArrayList<>(List.of(CompleteCommand.NAME,
                        "--" + CompleteCommand.ELSEWHERE.name(), "--"));
                words.addAll(line);
                String word = line.isEmpty() ? "" : line.getLast();
                engine.output(words).lines().flatMap(offered -> CompleteCommand.here(offered, word, directory))
                        .forEach(invocation.out()::println);
                candidates = point.values() == Candidates.COMMAND ? CompleteCommand.commands(listed) : Stream.empty();
            }
            point.fitting(candidates).forEach(invocation.out()::println);
            return 0;
        }

        private static Stream<Candidate> files(CompletionPoint point, Path directory) {
            boolean directories = point.values() == Candidates.DIRECTORY;
            return directories || point.values() == Candidates.FILE
                    ? FileCandidates.of(point.partial(), directory, directories).stream() : Stream.empty();
        }
    }
}
