package dev.tinydocker.shell;

import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;

/** {@code help [COMMAND]}: all commands, or one of them in full. */
@Component
final class HelpCommand extends ShellCommand {

    HelpCommand() {
        super(Usage.of(Usage.ENGINE, "help", "Show what there is, or how a command is used")
                .takes(0, 2, "[COMMAND]", Candidates.COMMAND).example("help run"));
    }

    @Override
    int execute(Invocation invocation) {
        invocation.out().print(text(invocation.registry(), invocation.arguments()));
        return 0;
    }

    static String text(CommandRegistry registry, List<String> words) {
        if (words.isEmpty()) {
            return HelpText.of(registry.getCommands());
        }
        DockerCommandParser parser = new DockerCommandParser(registry);
        String first = words.getFirst();
        Map<String, Command> below = parser.below(first);
        return words.size() == 1 && !below.isEmpty() && registry.getCommandByName(first) == null
                ? HelpText.of(first, below) : parser.command(words).getHelp();
    }
}
