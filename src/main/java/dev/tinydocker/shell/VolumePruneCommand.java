package dev.tinydocker.shell;

import dev.tinydocker.volume.NamedVolumes;
import org.springframework.stereotype.Component;

import java.time.Clock;

/** {@code volume prune}: removes volumes that no container uses, with their files. */
@Component
final class VolumePruneCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all", "those that somebody has named, too");

    private final NamedVolumes volumes;
    private final Clock clock;

    VolumePruneCommand(NamedVolumes volumes, Clock clock) {
        super(Usage.of(Usage.VOLUMES, "volume prune", "Remove volumes that no container uses and nobody has named")
                .options(ALL, PruneFilter.OPTION, Pruning.FORCE).example("volume prune --all"));
        this.volumes = volumes;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        boolean all = invocation.flag(ALL);
        if (Pruning.isMeant(invocation, "volumes",
                "WARNING! This will remove all volumes that no container uses"
                        + (all ? "." : " and nobody has named."))) {
            NamedVolumes.Pruned pruned = volumes.prune(all, filter::test);
            Pruning.print(invocation, Pruning.VOLUMES, pruned.names());
            Pruning.printSpace(invocation, pruned.bytes());
        }
        return 0;
    }
}
