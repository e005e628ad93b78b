package dev.tinydocker.shell;

import org.springframework.stereotype.Component;

/** {@code help [COMMAND]}: all commands, or one of them in full. */
@Component
final class HelpCommand extends ShellCommand {

    HelpCommand() {
        super(Usage.of(Usage.ENGINE, "help", "Show what there is, or how a command is used")
                .takes(0, 2, "[COMMAND]", Candidates.COMMAND).example("help run"));
    }

    @Override
    int execute(Invocation invocation) {
        boolean all = invocation.arguments().isEmpty();
        invocation.out().print(all ? HelpText.of(invocation.registry().getCommands())
                : new DockerCommandParser(invocation.registry()).command(invocation.arguments()).getHelp());
        return 0;
    }
}
