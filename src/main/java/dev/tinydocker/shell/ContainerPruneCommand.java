package dev.tinydocker.shell;

import dev.tinydocker.container.Housekeeping;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.List;

/** {@code container prune}: removes containers that have ended. */
@Component
final class ContainerPruneCommand extends ShellCommand {

    static final OptionSpec FORCE = OptionSpec.flag('f', "force", "do not ask");

    private final Housekeeping housekeeping;
    private final Clock clock;

    ContainerPruneCommand(Housekeeping housekeeping, Clock clock) {
        super(Usage.of(Usage.CONTAINERS, "container prune", "Remove containers that have ended")
                .options(PruneFilter.OPTION, FORCE).example("container prune --filter until=24h"));
        this.housekeeping = housekeeping;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        PruneFilter filter = PruneFilter.of(invocation.values(PruneFilter.OPTION), clock);
        if (invocation.flag(FORCE) || Question.mayGo(invocation, "containers",
                "WARNING! This will remove all stopped containers.")) {
            print(invocation, housekeeping.pruneContainers(filter::test));
        }
        return 0;
    }

    /** What went, under headings, and what that gives back. */
    static void print(Invocation invocation, Housekeeping.Pruned pruned) {
        print(invocation, "Deleted Containers:", pruned.containers());
        print(invocation, "Deleted Networks:", pruned.networks());
        print(invocation, VolumePruneCommand.HEADING, pruned.volumes());
        print(invocation, "Deleted Images:", pruned.images().stream()
                .map(line -> Character.toLowerCase(line.charAt(0)) + line.substring(1)).toList());
        print(invocation, "Deleted Root File Systems:", pruned.roots());
        invocation.out().println("Total reclaimed space: " + Sizes.of(pruned.bytes()));
    }

    /** Lines under their heading, where there are any. */
    static void print(Invocation invocation, String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            invocation.out().println(heading);
            lines.forEach(invocation.out()::println);
            invocation.out().println();
        }
    }
}
