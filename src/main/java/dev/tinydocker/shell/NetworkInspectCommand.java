package dev.tinydocker.shell;

import dev.tinydocker.network.Networks;
import org.springframework.stereotype.Component;

/** {@code network inspect}: all that is known of networks, as a JSON array. */
@Component
final class NetworkInspectCommand extends ShellCommand {

    private static final OptionSpec FORMAT = Findings.format("{{.Driver}}");
    private static final OptionSpec VERBOSE = OptionSpec.flag('v', "verbose", "as without: nothing is hidden");

    private final Networks networks;

    NetworkInspectCommand(Networks networks) {
        super(Usage.of(Usage.NETWORKS, "network inspect", "Show all that is known of networks, as JSON")
                .takes(1, Usage.MANY, "NETWORK...", Candidates.NETWORK).options(FORMAT, VERBOSE)
                .example("network inspect back"));
        this.networks = networks;
    }

    @Override
    int execute(Invocation invocation) {
        return Findings.print(invocation, FORMAT, word -> NetworkDocument.of(networks.find(word), networks));
    }
}
