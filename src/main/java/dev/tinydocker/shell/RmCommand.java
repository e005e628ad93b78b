package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.problem.NotFound;
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
        return Each.of(invocation, reference -> {
            try {
                containers.remove(reference, force);
            } catch (NotFound gone) {
                // As Docker: who forces it wants it to be gone, and is told that it was.
                if (!force) {
                    throw gone;
                }
                invocation.err().println(gone.line());
                return "";
            }
            return reference;
        });
    }
}
