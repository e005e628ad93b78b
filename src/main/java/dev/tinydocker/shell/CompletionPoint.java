package dev.tinydocker.shell;

import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where in an unfinished command line the cursor stands, and so what may come there.
 *
 * @param words what is offered: values, one of these, if they begin with {@code partial}
 * @param values what is offered besides: all of a kind
 * @param kept the beginning of the word that stays, as in {@code --name=}
 * @param partial the rest of the word, up to the cursor
 * @param given arguments that are there already
 */
record CompletionPoint(List<Candidate> words, Candidates values, String kept, String partial, Set<String> given) {

    /** @param line the words up to the cursor; the last one is unfinished, and empty after a blank */
    static CompletionPoint of(List<String> line, CommandRegistry registry) {
        String partial = line.isEmpty() ? "" : line.getLast();
        List<String> before = Aliases.expand(line.isEmpty() ? line : line.subList(0, line.size() - 1),
                registry);
        if (before.isEmpty()) {
            return new CompletionPoint(List.of(), Candidates.COMMAND, "", partial, Set.of());
        }
        for (int count = Math.min(DockerCommandParser.LONGEST_NAME, before.size()); count > 0; count--) {
            if (registry.getCommandByName(String.join(" ", before.subList(0, count))) instanceof ShellCommand command) {
                return new Walk(command.usage(), partial).over(before.subList(count, before.size()));
            }
        }
        return new CompletionPoint(subCommands(String.join(" ", before) + " ", registry), Candidates.NOTHING, "",
                partial, Set.of());
    }

    /** Those of them that fit, each as a line that shells read. */
    Stream<String> fitting(Stream<Candidate> candidates) {
        return candidates.filter(candidate -> candidate.value().startsWith(partial)).map(candidate -> kept
                + candidate.value() + "\t" + (candidate.whole() ? "1" : "0") + "\t" + candidate.description());
    }

    private static List<Candidate> subCommands(String prefix, CommandRegistry registry) {
        Map<String, Command> found = new TreeMap<>();
        registry.getCommandsByPrefix(prefix).stream().filter(command -> !command.getGroup().isEmpty())
                .forEach(command -> found.put(command.getName(), command));
        found.putAll(Aliases.startingWith(prefix, registry));
        return found.entrySet().stream().map(entry -> new Candidate(entry.getKey().substring(prefix.length()),
                entry.getValue().getDescription(), true)).toList();
    }

    /** Goes over the words as the parser does, but over wrong ones too. */
    private static final class Walk {

        private final Usage usage;
        private final String partial;
        private final Set<String> arguments = new HashSet<>();
        private Candidates awaited = Candidates.NOTHING;
        private boolean awaitsValue;
        private boolean options = true;
        private int count;

        Walk(Usage usage, String partial) {
            this.usage = usage;
            this.partial = partial;
        }

        CompletionPoint over(List<String> words) {
            words.forEach(this::step);
            if (awaitsValue) {
                return values(awaited, "", partial);
            }
            if (options && partial.startsWith("-")) {
                return option();
            }
            boolean containers = usage.optionsFirst() && count > 0;
            return values(containers || count >= usage.most() ? Candidates.NOTHING : usage.candidates(), "", partial);
        }

        private void step(String word) {
            if (awaitsValue) {
                awaitsValue = false;
            } else if (!options || !word.startsWith("-") || word.equals("-")) {
                arguments.add(word);
                count++;
                options &= !usage.optionsFirst();
            } else if (word.equals("--")) {
                options = false;
            } else if (word.startsWith("--")) {
                await(usage.option(word.substring(2)), "");
            } else {
                letters(word);
            }
        }

        private void letters(String word) {
            for (int i = 1; i < word.length() && !awaitsValue; i++) {
                OptionSpec option = usage.option(word.charAt(i));
                await(option, word.substring(i + 1));
                if (option != null && option.takesValue()) {
                    return;
                }
            }
        }

        private void await(@Nullable OptionSpec option, String rest) {
            if (option != null && option.takesValue() && rest.isEmpty()) {
                awaitsValue = true;
                awaited = option.candidates();
            }
        }

        private CompletionPoint option() {
            int equals = partial.indexOf('=');
            if (partial.startsWith("--") && equals > 0) {
                OptionSpec option = usage.option(partial.substring(2, equals));
                return values(option == null ? Candidates.NOTHING : option.candidates(),
                        partial.substring(0, equals + 1),
                        partial.substring(equals + 1));
            }
            List<Candidate> names = new ArrayList<>();
            for (OptionSpec option : usage.options()) {
                names.add(new Candidate("--" + option.name(), option.description(), true));
            }
            names.add(new Candidate("--help", Usage.HELP.description(), true));
            return new CompletionPoint(names, Candidates.NOTHING, "", partial, Set.of());
        }

        private CompletionPoint values(Candidates values, String kept, String rest) {
            return new CompletionPoint(List.of(), values, kept, rest, arguments);
        }
    }
}
