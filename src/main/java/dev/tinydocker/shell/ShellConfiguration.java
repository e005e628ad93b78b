package dev.tinydocker.shell;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandRegistry;

import java.time.Clock;
import java.util.List;

/**
 * What Spring Shell is given instead of its own configuration, which would search the class path for annotated
 * commands, add commands of its own, and open the terminal, in an engine too that has none.
 */
@Configuration(proxyBeanMethods = false)
class ShellConfiguration {

    /**
     * Holds every bean that is a command. Lazy in spite of what it is: it would be made with the context, and with it
     * the commands and the record, which a JVM must not open before it is the engine.
     */
    @Bean
    @Lazy
    CommandRegistry commandRegistry(List<Command> commands) {
        return new NamedCommands(commands);
    }

    @Bean
    Clock clock() {
        return Clock.systemDefaultZone();
    }
}
