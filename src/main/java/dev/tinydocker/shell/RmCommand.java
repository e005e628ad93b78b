package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

/** {@code rm}: removes containers and all they left. */
@Component
final class RmCommand extends ShellCommand {

    private static final OptionSpec FORCE = OptionSpec.flag('f', "force", "kill those that run");
    private static final OptionSpec VOLUMES = OptionSpec.flag('v', "volumes",
            "as without: volumes that nobody has named go with their container");

    private final ContainerService containers;

    RmCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "rm", "Remove containers")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.CONTAINER).options(FORCE, VOLUMES)
                .example("rm -f web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        boolean force = invocation.flag(FORCE);
        return Each.removal(invocation, force, reference -> {
            containers.remove(reference, force);
            return reference;
        });
    }
}
