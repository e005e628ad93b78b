package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

/** {@code diff}: what a container has added, changed and deleted among the files of its image. */
@Component
final class DiffCommand extends ShellCommand {

    private final ContainerService containers;

    DiffCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "diff", "Show what a container added (A), changed (C) and deleted (D)")
                .takes(1, 1, "CONTAINER", Candidates.CONTAINER).example("diff web"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        String reference = invocation.argument(0);
        return Patience.of(invocation.session(),
                () -> containers.changes(reference, invocation.out()::println));
    }
}
