package dev.tinydocker.shell;

import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.network.PublishedPort;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@code ps}: lists containers, the newest first; without options those that run. */
@Component
final class PsCommand extends ShellCommand {

    private static final OptionSpec ALL = OptionSpec.flag('a', "all", "list those too that do not run");
    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print ids only");
    private static final OptionSpec FILTER = OptionSpec.value('f', "filter", "KEY=VALUE",
            "only these: id, name, label, status, exited, ancestor, health, network, volume, publish, …");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.ID}}");
    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec LAST = OptionSpec.number('n', "last", "NUMBER", "the last ones made, in any state");
    private static final OptionSpec LATEST = OptionSpec.flag('l', "latest", "the last one made, in any state");

    private final ContainerService containers;
    private final Clock clock;

    PsCommand(ContainerService containers, Clock clock) {
        super(Usage.of(Usage.CONTAINERS, "ps", "List containers")
                .options(ALL, QUIET, FILTER, FORMAT, NO_TRUNC, LAST, LATEST).example("ps -a --filter status=exited"));
        this.containers = containers;
        this.clock = clock;
    }

    @Override
    int execute(Invocation invocation) {
        boolean whole = invocation.flag(NO_TRUNC);
        List<Map<String, String>> rows = chosen(invocation).stream()
                .map(container -> PsRow.of(container, ports(container), whole, clock)).toList();
        PsRow.LISTING.print(invocation, QUIET, "ID", FORMAT, rows);
        return 0;
    }

    private List<Container> chosen(Invocation invocation) {
        PsFilter filter = PsFilter.of(invocation.values(FILTER), containers);
        OptionalInt last = invocation.flag(LATEST) ? OptionalInt.of(1) : invocation.number(LAST);
        boolean limited = last.isPresent() && last.getAsInt() >= 0;
        boolean all = invocation.flag(ALL) || filter.wantsAll() || limited;
        return containers.list().stream().filter(container -> all || container.state().isAlive()).filter(filter::test)
                .limit(limited ? last.getAsInt() : Long.MAX_VALUE).toList();
    }

    private List<PublishedPort> ports(Container container) {
        boolean any = !container.spec().network().published().isEmpty() && container.state().isAlive();
        return any ? containers.ports(container.id()) : List.of();
    }
}
