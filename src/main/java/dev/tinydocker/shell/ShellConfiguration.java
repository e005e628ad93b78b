package dev.tinydocker.shell;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.shell.core.command.CommandRegistry;

import java.time.Clock;

/**
 * What Spring Shell is given instead of its own configuration, which would search the class path for annotated commands, add
 * commands of its own, and open the terminal, in an engine too that has none.
 */
@Configuration(proxyBeanMethods = false)
class ShellConfiguration {

    /** Holds every bean that is a command. */
    @Bean
    CommandRegistry commandRegistry() {
        return new CommandRegistry();
    }

    @Bean
    Clock clock() {
        return Clock.systemDefaultZone();
    }
}
