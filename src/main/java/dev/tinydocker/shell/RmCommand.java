package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

/** {@code rm}: removes containers and all they left. */
@Component
final class RmCommand extends ShellCommand {

    private static final OptionSpec FORCE = OptionSpec.flag('f', "force", "kill those that run");

    private final ContainerService containers;

    RmCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "rm", "Remove containers")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.CONTAINER).options(FORCE).example("rm -f web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        boolean force = invocation.flag(FORCE);
        return Each.of(invocation, reference -> {
            containers.remove(reference, force);
            return reference;
        });
    }
}
