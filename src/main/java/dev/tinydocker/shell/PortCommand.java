package dev.tinydocker.shell;

import dev.tinydocker.container.ContainerService;
import dev.tinydocker.network.PortParser;
import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.problem.NotFound;
import org.springframework.stereotype.Component;

import java.util.List;

/** {@code port}: which ports of this host lead to a container. */
@Component
final class PortCommand extends ShellCommand {

    private final ContainerService containers;

    PortCommand(ContainerService containers) {
        super(Usage.of(Usage.CONTAINERS, "port", "List the ports of this host that lead to a container")
                .takes(1, 2, "CONTAINER [PORT[/tcp|udp]]", Candidates.RUNNING_CONTAINER).example("port web 80"));
        this.containers = containers;
    }

    @Override
    int execute(Invocation invocation) {
        String reference = invocation.argument(0);
        List<PublishedPort> ports = containers.ports(reference);
        if (invocation.arguments().size() == 1) {
            ports.forEach(port -> invocation.out().println(port.inside() + " -> " + port.outside()));
            return 0;
        }
        String asked = PortParser.expose(invocation.argument(1)).getFirst().inside();
        List<PublishedPort> found = ports.stream().filter(port -> port.inside().equals(asked)).toList();
        if (found.isEmpty()) {
            throw new NotFound("find the port '" + asked + "' of '" + reference + "'", "it is not published",
                    "'port " + reference + "' lists those that are");
        }
        found.forEach(port -> invocation.out().println(port.outside()));
        return 0;
    }
}
