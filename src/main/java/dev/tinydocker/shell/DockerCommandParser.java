package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.Nearest;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.command.ParsedInput;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Docker's grammar of a command line:
 *
 * <pre>
 * line    ::= command [option | argument]… [-- argument…]
 * option  ::= --name | --name value | --name=value | -n | -n value | -nvalue | -n=value | -flags[n value]
 * </pre>
 *
 * A flag takes a value only behind {@code =}. For commands whose options come first, the first word that is no option
 * ends them.
 */
@Component
class DockerCommandParser implements CommandParser {

    /** In words. */
    static final int LONGEST_NAME = 2;
    private static final Set<String> TRUE = Set.of("1", "t", "true");
    private static final Set<String> FALSE = Set.of("0", "f", "false");

    private final CommandRegistry registry;

    DockerCommandParser(CommandRegistry registry) {
        this.registry = registry;
    }

    /** Cuts the line into words first, as {@link Words} does. */
    @Override
    public ParsedInput parse(String line) {
        return parse(Words.of(line).argv());
    }

    /**
     * Reads words that are taken as they are.
     *
     * @throws InvalidRequest on an unknown command or option, a value that is missing or none, too few or too many
     * arguments
     */
    public ParsedInput parse(List<String> argv) {
        ShellCommand command = command(argv);
        ParsedInput input = options(command, argv);
        command.check(input);
        return input;
    }

    /**
     * The command that the first words name.
     *
     * @throws InvalidRequest where there is no such command, with the nearest one
     */
    ShellCommand command(List<String> given) {
        List<String> argv = Aliases.expand(given, registry);
        for (int count = Math.min(LONGEST_NAME, argv.size()); count > 0; count--) {
            List<String> words = argv.subList(0, count);
            boolean plain = words.stream().noneMatch(word -> word.isEmpty() || word.contains(" "));
            if (plain && registry.getCommandByName(String.join(" ", words)) instanceof ShellCommand command) {
                return command;
            }
        }
        throw unknown(given);
    }

    private InvalidRequest unknown(List<String> argv) {
        String first = argv.isEmpty() ? "" : argv.getFirst();
        Set<String> below = below(first).keySet();
        if (!below.isEmpty() && (argv.size() == 1 || argv.get(1).startsWith("-"))) {
            return new InvalidRequest("execute '" + first + "'", "it is no whole command",
                    "there are '" + String.join("', '", below) + "'");
        }
        return below.isEmpty() ? unknown("", first, known()) : unknown(first + " ", argv.get(1), below);
    }

    /** @param before what the word follows, and all that are known begin with */
    private static InvalidRequest unknown(String before, String word, Set<String> known) {
        List<String> words = known.stream().map(name -> name.substring(before.length())).toList();
        String hint = Nearest.to(word, words).map(near -> "did you mean '" + before + near + "'?")
                .orElse("'" + ("help " + before).strip() + "' lists them all");
        return new InvalidRequest("execute '" + before + word + "'", "there is no such command", hint);
    }

    private Set<String> known() {
        TreeSet<String> known = new TreeSet<>();
        for (Command command : registry.getCommands()) {
            if (!command.getGroup().isEmpty()) {
                known.add(command.getName());
                known.addAll(command.getAliases());
            }
        }
        return known;
    }

    /** The commands of two words that begin with that one; none where it begins no command. */
    Map<String, Command> below(String first) {
        Map<String, Command> below = Aliases.startingWith(first + " ", registry);
        for (Command command : registry.getCommands()) {
            if (!command.getGroup().isEmpty() && command.getName().startsWith(first + " ")) {
                below.put(command.getName(), command);
            }
        }
        return below;
    }

    /**
     * Options and arguments of that command; how many arguments there are is not looked at.
     *
     * @throws InvalidRequest on an unknown option, with the nearest one, and on a value that is missing or none
     */
    ParsedInput options(ShellCommand command, List<String> given) {
        List<String> argv = Aliases.expand(given, registry);
        String[] name = command.getName().split(" ");
        ParsedInput.Builder input = ParsedInput.builder().commandName(name[0]);
        for (int i = 1; i < name.length; i++) {
            input.addSubCommand(name[i]);
        }
        List<String> arguments = new Reader(command.usage(), input).read(argv.subList(name.length, argv.size()));
        int index = 0;
        for (String argument : arguments) {
            input.addArgument(new CommandArgument(index++, argument));
        }
        return input.build();
    }

    /** Reads the words after a command's name: options go into the builder. */
    private static final class Reader {

        private final Usage usage;
        private final ParsedInput.Builder input;
        private final List<String> arguments = new ArrayList<>();

        Reader(Usage usage, ParsedInput.Builder input) {
            this.usage = usage;
            this.input = input;
        }

        List<String> read(List<String> given) {
            ListIterator<String> words = given.listIterator();
            boolean options = true;
            while (words.hasNext()) {
                String word = words.next();
                if (!options || !word.startsWith("-") || word.equals("-")) {
                    arguments.add(word);
                    options &= !usage.optionsFirst();
                } else if (word.equals("--")) {
                    options = false;
                } else if (word.startsWith("--")) {
                    longOption(word, words);
                } else {
                    letters(word, words);
                }
            }
            return arguments;
        }

        private void longOption(String word, Iterator<String> words) {
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            String value = equals < 0 ? null : word.substring(equals + 1);
            OptionSpec option = usage.option(name);
            if (option == null) {
                throw unknown("--" + name);
            }
            add(option, "--" + name, value, words);
        }

        /** A cluster: flags, and at its end perhaps an option whose value follows. */
        private void letters(String word, Iterator<String> words) {
            for (int i = 1; i < word.length(); i++) {
                OptionSpec option = usage.option(word.charAt(i));
                String spelling = "-" + word.charAt(i);
                String rest = word.substring(i + 1);
                if (option == null) {
                    throw unknown(spelling);
                }
                if (rest.startsWith("=")) {
                    add(option, spelling, rest.substring(1), words);
                    return;
                }
                if (option.takesValue()) {
                    add(option, spelling, rest.isEmpty() ? null : rest, words);
                    return;
                }
                add(option, spelling, null, words);
            }
        }

        private void add(OptionSpec option, String spelling, @Nullable String given, Iterator<String> words) {
            if (!option.takesValue()) {
                input.addOption(option.use(given == null ? "true" : truth(spelling, given)));
                return;
            }
            if (given == null && !words.hasNext()) {
                throw new InvalidRequest("use '" + spelling + "' with '" + usage.name() + "'", "its value is missing",
                        "give a " + option.placeholder() + " after it");
            }
            String value = given == null ? words.next() : given;
            if (option.number()) {
                checkNumber(spelling, value);
            }
            input.addOption(option.use(value));
        }

        private String truth(String spelling, String value) {
            String lower = value.toLowerCase(Locale.ROOT);
            if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
                throw new InvalidRequest("use '" + spelling + "=" + value + "' with '" + usage.name() + "'",
                        "'" + value + "' is neither true nor false", "leave the value out");
            }
            return Boolean.toString(TRUE.contains(lower));
        }

        private void checkNumber(String spelling, String value) {
            try {
                Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new InvalidRequest("use '" + spelling + " " + value + "' with '" + usage.name() + "'",
                        "'" + value + "' is no whole number", "give one as in " + spelling + " 10");
            }
        }

        private InvalidRequest unknown(String spelling) {
            List<String> known = usage.options().stream().flatMap(option -> option.names().stream())
                    .map(name -> "--" + name).toList();
            String list = "'help " + usage.name() + "' lists them all";
            String hint = spelling.length() == 2 ? list
                    : Nearest.to(spelling, known).map(near -> "did you mean '" + near + "'?").orElse(list);
            return new InvalidRequest("use '" + spelling + "' with '" + usage.name() + "'", "there is no such option",
                    hint);
        }
    }
}
