package dev.tinydocker.shell;

import dev.tinydocker.network.Networks;
import org.springframework.stereotype.Component;

/** {@code network rm}: removes networks that no running container is connected to. */
@Component
final class NetworkRmCommand extends ShellCommand {

    private static final OptionSpec FORCE = OptionSpec.flag('f', "force", "one that is not there is fine");

    private final Networks networks;

    NetworkRmCommand(Networks networks) {
        super(Usage.of(Usage.NETWORKS, "network rm", "Remove networks")
                .takes(1, Usage.MANY, "NETWORK...", Candidates.NETWORK).options(FORCE).example("network rm back"));
        this.networks = networks;
    }

    @Override
    int execute(Invocation invocation) {
        return Each.removal(invocation, invocation.flag(FORCE), reference -> {
            networks.remove(reference);
            return reference;
        });
    }
}
