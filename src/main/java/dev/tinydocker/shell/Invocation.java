package dev.tinydocker.shell;

import dev.tinydocker.plan.ShellWords;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.CommandRegistry;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What one call of a command was given, and whose it is. */
final class Invocation {

    private final CommandContext context;
    private final Session session;

    Invocation(CommandContext context, Session session) {
        this.context = context;
        this.session = session;
    }

    Session session() {
        return session;
    }

    PrintStream out() {
        return session.out();
    }

    PrintStream err() {
        return session.err();
    }

    CommandRegistry registry() {
        return context.commandRegistry();
    }

    /** Whether a flag is set; where it is given several times, the last one counts. */
    boolean flag(OptionSpec option) {
        return flag(option, false);
    }

    /** The same. @param otherwise where it is not given, as with one that only {@code =false} changes */
    boolean flag(OptionSpec option, boolean otherwise) {
        return value(option).map(Boolean::parseBoolean).orElse(otherwise);
    }

    /** An option's value; where it is given several times, the last one. */
    Optional<String> value(OptionSpec option) {
        List<String> all = values(option);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    OptionalInt number(OptionSpec option) {
        return value(option).map(value -> OptionalInt.of(Integer.parseInt(value))).orElse(OptionalInt.empty());
    }

    /** All values of an option, in their order. */
    List<String> values(OptionSpec option) {
        return context.parsedInput().options().stream().filter(use -> option.name().equals(use.longName()))
                .map(CommandOption::value).map(Objects::requireNonNull).toList();
    }

    List<String> arguments() {
        return context.parsedInput().arguments().stream().map(CommandArgument::value).toList();
    }

    String argument(int index) {
        return context.parsedInput().arguments().get(index).value();
    }

    /** A path of the user's, which may start from the directory the user is in. */
    Path path(String word) {
        return session.directory().resolve(word).normalize();
    }

    /** The same words after another command's name, as somebody would type them; without some of the options. */
    String typed(String command, List<OptionSpec> without) {
        List<String> words = new ArrayList<>(List.of("tiny", command));
        for (CommandOption option : context.parsedInput().options()) {
            if (without.stream().noneMatch(each -> each.name().equals(option.longName()))) {
                words.add("--" + option.longName() + "=" + option.value());
            }
        }
        words.addAll(arguments());
        return words.stream().map(ShellWords::typed).collect(Collectors.joining(" "));
    }
}
