package dev.tinydocker.shell;

import dev.tinydocker.network.Networks;
import org.springframework.stereotype.Component;

import java.time.Clock;

/** {@code network prune}: removes networks that no running container is connected to. */
@Component
final class NetworkPruneCommand extends ShellCommand {

    private final Networks networks;
    private final Clock clock;

    NetworkPruneCommand(Networks networks, Clock clock) {
        super(Usage.of(Usage.NETWORKS, "network prune", "Remove networks that no running container is connected to")
                .options(PruneFilter.OPTION, Pruning.FORCE).example("network prune -f"));
        this.networks = networks;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        if (Pruning.isMeant(invocation, "networks",
                "WARNING! This will remove all networks that no running container is connected to.")) {
            Pruning.print(invocation, Pruning.NETWORKS, networks.prune(filter::test));
        }
        return 0;
    }
}
