package dev.tinydocker.shell;

import dev.tinydocker.network.Networks;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;

/** {@code network ls}: lists networks in the order of their names. */
@Component
final class NetworkLsCommand extends ShellCommand {

    private static final OptionSpec QUIET = OptionSpec.flag('q', "quiet", "print ids only");
    private static final OptionSpec NO_TRUNC = OptionSpec.flag("no-trunc", "cut nothing short");
    private static final OptionSpec FILTER = OptionSpec.value('f', "filter", "KEY=VALUE",
            "only those that fit: dangling, driver, id, label, name, scope, type");
    private static final OptionSpec FORMAT = OptionSpec.value("format", "FORMAT",
            "json, table, or a template as in {{.Name}}");
    private static final Listing LISTING = Listing.of(NetworkRow.FIELDS, "ID", "NETWORK ID", "Name", "NAME",
            "Driver", "DRIVER", "Scope", "SCOPE");

    private final Networks networks;

    NetworkLsCommand(Networks networks) {
        super(Usage.of(Usage.NETWORKS, "network ls", "List networks").options(QUIET, NO_TRUNC, FILTER, FORMAT)
                .example("network ls --filter driver=bridge"));
        this.networks = networks;
    }

    @Override
    int execute(Invocation invocation) {
        NetworkFilter filter = NetworkFilter.of(invocation.values(FILTER), networks);
        List<Map<String, String>> rows = networks.list().stream().filter(filter::test)
                .map(network -> NetworkRow.of(network, invocation.flag(NO_TRUNC))).toList();
        LISTING.print(invocation, QUIET, "ID", FORMAT, rows);
        return 0;
    }
}
