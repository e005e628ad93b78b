package dev.tinydocker.shell;

import dev.tinydocker.network.Networks;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.List;

/** {@code network prune}: removes networks that no running container is connected to. */
@Component
final class NetworkPruneCommand extends ShellCommand {

    private final Networks networks;
    private final Clock clock;

    NetworkPruneCommand(Networks networks, Clock clock) {
        super(Usage.of(Usage.NETWORKS, "network prune", "Remove networks that no running container is connected to")
                .options(PruneFilter.OPTION, ContainerPruneCommand.FORCE).example("network prune -f"));
        this.networks = networks;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        if (invocation.flag(ContainerPruneCommand.FORCE) || Question.mayGo(invocation, "networks",
                "WARNING! This will remove all networks that no running container is connected to.")) {
            List<String> removed = networks.prune(filter::test);
            if (!removed.isEmpty()) {
                invocation.out().println("Deleted Networks:");
                removed.forEach(invocation.out()::println);
                invocation.out().println();
            }
        }
        return 0;
    }
}
