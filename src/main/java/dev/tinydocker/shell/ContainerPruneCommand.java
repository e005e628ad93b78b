package dev.tinydocker.shell;

import dev.tinydocker.container.Housekeeping;
import org.springframework.stereotype.Component;

import java.time.Clock;

/** {@code container prune}: removes containers that have ended. */
@Component
final class ContainerPruneCommand extends ShellCommand {

    private final Housekeeping housekeeping;
    private final Clock clock;

    ContainerPruneCommand(Housekeeping housekeeping, Clock clock) {
        super(Usage.of(Usage.CONTAINERS, "container prune", "Remove containers that have ended")
                .options(PruneFilter.OPTION, Pruning.FORCE).example("container prune --filter until=24h"));
        this.housekeeping = housekeeping;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        if (Pruning.isMeant(invocation, "containers", "WARNING! This will remove all stopped containers.")) {
            Pruning.print(invocation, housekeeping.pruneContainers(filter::test));
        }
        return 0;
    }
}
