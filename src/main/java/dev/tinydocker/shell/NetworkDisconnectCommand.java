package dev.tinydocker.shell;

import dev.tinydocker.container.Connections;
import dev.tinydocker.container.ContainerService;
import org.springframework.stereotype.Component;

/** {@code network disconnect}: takes a container out of a network. */
@Component
final class NetworkDisconnectCommand extends ShellCommand {

    private static final OptionSpec FORCE = OptionSpec.flag('f', "force", "as without");

    private final ContainerService containers;
    private final Connections connections;

    NetworkDisconnectCommand(ContainerService containers, Connections connections) {
        super(Usage.of(Usage.NETWORKS, "network disconnect", "Disconnect a container from a network")
                .takes(2, 2, "NETWORK CONTAINER", Candidates.NETWORK_AND_CONTAINER).options(FORCE)
                .example("network disconnect back web"));
        this.containers = containers;
        this.connections = connections;
    }

    @Override
    int execute(Invocation invocation) {
        connections.disconnect(containers.inspect(invocation.argument(1)), invocation.argument(0));
        return 0;
    }
}
