package dev.tinydocker.shell;

import dev.tinydocker.problem.InvalidRequest;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.ExitStatus;
import org.springframework.shell.core.command.ParsedInput;

import java.util.List;

/** A command of ours: a usage, from which its grammar, help and completion follow, and what it does. */
abstract class ShellCommand implements Command {

    private final Usage usage;

    ShellCommand(Usage usage) {
        this.usage = usage;
    }

    /** Does it. Returns the exit status; problems are thrown. */
    abstract int execute(Invocation invocation);

    final Usage usage() {
        return usage;
    }

    @Override
    public final String getName() {
        return usage.name();
    }

    @Override
    public final String getDescription() {
        return usage.description();
    }

    @Override
    public final String getGroup() {
        return usage.group();
    }

    @Override
    public final String getHelp() {
        return HelpText.of(usage);
    }

    @Override
    public final List<CommandOption> getOptions() {
        return usage.options().stream().map(OptionSpec::definition).toList();
    }

    /** Shows the help where asked, or does it. */
    @Override
    public final ExitStatus execute(CommandContext context) {
        Invocation invocation = new Invocation(context, Session.current());
        if (invocation.flag(Usage.HELP)) {
            invocation.out().print(getHelp());
            return ExitStatus.OK;
        }
        int status = execute(invocation);
        return status == 0 ? ExitStatus.OK : new ExitStatus(status, getName() + " ended with " + status);
    }

    /**
     * Checks how many arguments there are.
     *
     * @throws InvalidRequest where there are too few or too many
     */
    void check(ParsedInput input) {
        int count = input.arguments().size();
        boolean help = input.options().stream().anyMatch(option -> Usage.HELP.name().equals(option.longName()));
        if (help || count >= usage.least() && count <= usage.most()) {
            return;
        }
        String given = count == 0 ? "nothing" : count == 1 ? "one word" : count + " words";
        String wanted = usage.most() == 0 ? "it takes no arguments"
                : "it takes " + usage.arguments() + " and was given " + given;
        throw new InvalidRequest("execute '" + usage.name() + "'", wanted, "write '" + usage.synopsis() + "'");
    }
}
