package dev.tinydocker.shell;

import dev.tinydocker.container.Housekeeping;
import dev.tinydocker.container.PruneWish;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.Optional;

/** {@code system prune}: removes what nobody uses. */
@Component
final class SystemPruneCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all",
            "images with a name too, and archives of root file systems, unless a container uses them");
    private static final OptionSpec VOLUMES = OptionSpec.flag("volumes",
            "volumes that no container uses and nobody has named, too");

    private final Housekeeping housekeeping;
    private final Clock clock;

    SystemPruneCommand(Housekeeping housekeeping, Clock clock) {
        super(Usage.of(Usage.DISK, "system prune", "Remove what no container uses, and containers that have ended")
                .options(ALL, PruneFilter.OPTION, Pruning.FORCE, VOLUMES)
                .example("system prune -a --filter until=24h"));
        this.housekeeping = housekeeping;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        boolean all = invocation.flag(ALL);
        boolean volumes = invocation.flag(VOLUMES);
        String warning = "WARNING! This will remove:\n  - all stopped containers\n  - all networks that no running "
                + "container is connected to\n  - all images "
                + (all ? "that no container uses\n" : "without a name\n");
        warning += volumes ? "  - all volumes that no container uses and nobody has named\n" : "";
        if (filter.isEmpty()) {
            warning += "  - downloads that were broken off\n  - " + (all ? "" : "unpacked ")
                    + "root file systems that no container uses\n";
        }
        if (Pruning.isMeant(invocation, "the system", warning)) {
            // What has neither a time nor a label fits no filter.
            Pruning.print(invocation, housekeeping.prune(new PruneWish(filter::test, filter::test,
                    volumes ? Optional.of(filter::test) : Optional.empty(), filter::test, all, filter.isEmpty())));
        }
        return 0;
    }
}
