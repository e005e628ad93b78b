package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.linux.Signal;
import org.springframework.stereotype.Component;

/** {@code kill}: sends a signal, SIGKILL where none is named. */
@Component
final class KillCommand extends ShellCommand {

    private static final OptionSpec SIGNAL = OptionSpec.value('s', "signal", "SIGNAL",
            "what to send, by name or number")
            .offering(Candidates.SIGNAL);

    private final ContainerService containers;

    KillCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "kill", "Send a signal to containers, SIGKILL where none is named")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.RUNNING_CONTAINER).options(SIGNAL)
                .example("kill -s HUP web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        int signal = invocation.value(SIGNAL).map(Signal::parse).orElse(Signal.SIGKILL);
        return Each.of(invocation, reference -> {
            containers.kill(reference, signal);
            return reference;
        });
    }
}
