package dev.tinydocker.shell;

import dev.tinydocker.container.Connections;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.network.Endpoint;
import org.springframework.stereotype.Component;

/** {@code network connect}: connects a container to one more network. */
@Component
final class NetworkConnectCommand extends ShellCommand {

    private static final OptionSpec ALIAS = OptionSpec.value("alias", "NAME", "a further name for others there");
    private static final OptionSpec IP = OptionSpec.value("ip", "ADDRESS", "its address there");
    private static final OptionSpec IP6 = OptionSpec.value("ip6", "ADDRESS", "its IPv6 address there");

    private final ContainerService containers;
    private final Connections connections;

    NetworkConnectCommand(ContainerService containers, Connections connections) {
        super(Usage.of(Usage.NETWORKS, "network connect", "Connect a container to a network")
                .takes(2, 2, "NETWORK CONTAINER", Candidates.NETWORK_AND_CONTAINER).options(IP, IP6, ALIAS)
                .example("network connect --ip 10.7.0.9 back web"));
        this.containers = containers;
        this.connections = connections;
    }

    @Override
    int execute(Invocation invocation) {
        Endpoint wish = Endpoint.of(invocation.argument(0));
        wish = wish.with(invocation.values(ALIAS).stream().map(Endpoint::alias).toList());
        for (String word : invocation.values(IP)) {
            wish = wish.with(Endpoint.ipv4(word));
        }
        for (String word : invocation.values(IP6)) {
            wish = wish.with(Endpoint.ipv6(word));
        }
        connections.connect(containers.inspect(invocation.argument(1)), wish, invocation.err()::println);
        return 0;
    }
}
