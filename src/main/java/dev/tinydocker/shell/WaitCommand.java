package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

/** {@code wait}: prints the exit status of each container once it has ended. */
@Component
final class WaitCommand extends ShellCommand {

    private final ContainerService containers;

    WaitCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "wait", "Wait until containers have ended, print their exit statuses")
                .takes(1, Usage.MANY, "CONTAINER...", Candidates.RUNNING_CONTAINER).example("wait web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        return Each.of(invocation, reference -> Integer.toString(containers.await(reference)));
    }
}
