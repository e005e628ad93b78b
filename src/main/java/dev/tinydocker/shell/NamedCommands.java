package dev.tinydocker.shell;

import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** Finds a command by its name at once; Spring Shell's own registry looks through all of them, twice a command. */
final class NamedCommands extends CommandRegistry {

    private final Map<String, Command> byName = new HashMap<>();

    NamedCommands(Collection<Command> commands) {
        super(new HashSet<>(commands));
        commands.forEach(command -> byName.put(command.getName(), command));
    }

    @Override
    public @Nullable Command getCommandByName(String name) {
        return byName.get(name);
    }
}
