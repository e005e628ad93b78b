package dev.tinydocker.shell;

import org.springframework.shell.core.command.Command;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

/** What help says of one command, and of all. */
final class HelpText {

    private HelpText() {
    }

    /** Usage, options and an example of one command, lines ended. */
    static String of(Usage usage) {
        StringBuilder text = new StringBuilder();
        text.append("Usage: tiny ").append(usage.synopsis()).append("\n\n").append(usage.description()).append("\n");
        if (!usage.options().isEmpty()) {
            text.append("\nOptions:\n");
            int width = usage.options().stream().mapToInt(option -> option.spelling().length()).max().orElse(0);
            for (OptionSpec option : usage.options()) {
                line(text, option.spelling(), width, option.description());
            }
        }
        if (usage.optionsFirst()) {
            text.append("\nOptions end at the first word that is none; what follows belongs to the container.\n");
        }
        return text.append("\nExample:\n  tiny ").append(usage.example()).append("\n").toString();
    }

    /** A line for each command, by groups. */
    static String of(Collection<Command> commands) {
        List<Command> listed = commands.stream().filter(command -> !command.getGroup().isEmpty())
                .sorted(Comparator.comparing(Command::getName)).toList();
        int width = listed.stream().mapToInt(command -> command.getName().length()).max().orElse(0);
        Map<String, List<Command>> groups = listed.stream()
                .collect(groupingBy(Command::getGroup, TreeMap::new, toList()));
        StringBuilder text = new StringBuilder("Usage: tiny COMMAND, or tiny alone for a prompt\n");
        groups.forEach((group, members) -> {
            text.append("\n").append(group).append(":\n");
            members.forEach(command -> line(text, command.getName(), width, command.getDescription()));
        });
        return text.append("\n'help COMMAND' tells more about one.\n").toString();
    }

    /** The same of one more group, for who has been told all others. */
    static String more(String group, Collection<Command> commands) {
        List<Command> sorted = commands.stream().sorted(Comparator.comparing(Command::getName)).toList();
        int width = sorted.stream().mapToInt(command -> command.getName().length()).max().orElse(0);
        StringBuilder text = new StringBuilder("\n").append(group).append(":\n");
        sorted.forEach(command -> line(text, command.getName(), width, command.getDescription()));
        return text.toString();
    }

    /** A line for each command that begins with a word, under Docker's names too. */
    static String of(String first, Map<String, Command> commands) {
        int width = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder("Usage: tiny ").append(first).append(" COMMAND\n\n");
        commands.forEach((name, command) -> line(text, name, width, command.getDescription()));
        return text.append("\n'help COMMAND' tells more about one.\n").toString();
    }

    private static void line(StringBuilder text, String left, int width, String right) {
        text.append("  ").append(left).repeat(' ', width - left.length() + 3).append(right).append("\n");
    }
}
