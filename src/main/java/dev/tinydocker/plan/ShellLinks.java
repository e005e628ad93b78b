package dev.tinydocker.plan;

import dev.tinydocker.plan.ShellScript.Port;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The networks of a container made by hand. No address is taken for a plan, so its networks are not the engine's but
 * bridges of the script's own, in subnets that are free when it runs.
 */
final class ShellLinks {

    private final int links;
    private final List<Port> ports;

    ShellLinks(int links, List<Port> ports) {
        this.links = links;
        this.ports = ports;
    }

    /** What is done on the host once the container's network namespace is there. */
    String outside() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < links; i++) {
            lines.append("connect ").append(i).append('\n');
        }
        if (links > 0) {
            lines.append("forward\n");
        }
        ports.forEach(port -> lines.append(publish(port)));
        return lines.isEmpty() ? ":\n" : lines.toString();
    }

    private static String publish(Port port) {
        int outside = port.hostPort() == 0 ? port.containerPort() : port.hostPort();
        return (port.hostPort() == 0 ? "# any free port was asked for: here it is that of the container\n" : "")
                + "publish " + port.protocol() + " " + outside + " " + port.containerPort()
                + (port.address().isEmpty() ? "" : " " + port.address()) + "\n";
    }

    /** What is done in the network namespace. */
    String inside() {
        String all = IntStream.range(0, links).mapToObj(i -> "address " + i)
                .collect(Collectors.joining("\n"));
        return all.isEmpty() ? ":\n" : all + "\n";
    }
}
