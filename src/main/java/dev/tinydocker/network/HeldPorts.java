package dev.tinydocker.network;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.InetSocket;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.SystemFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sockets that hold published ports for their containers, so that no other program takes one, and none is taken from
 * another. What the packet filter sends on never comes to them; what it does not is relayed.
 */
@Component
class HeldPorts implements AutoCloseable {

    /** How many numbers are tried where one that is free for IPv4 is not for IPv6. */
    private static final int TRIES = 16;

    private final Map<String, List<Held>> held = new HashMap<>();

    private static final class Held {

        final PublishedPort port;
        final InetSocket socket;
        @Nullable Relay relay;

        Held(PublishedPort port, InetSocket socket) {
            this.port = port;
            this.socket = socket;
        }
    }

    /**
     * Holds ports that are to have one number, any free one where that is 0.
     *
     * @return the same with their number
     * @throws Conflict where somebody has it, or this host has no such address
     */
    synchronized List<PublishedPort> hold(String container, List<PublishedPort> ports) {
        List<Held> taken = new ArrayList<>();
        for (int tries = 1; taken.size() < ports.size(); tries++) {
            try {
                for (PublishedPort port : ports) {
                    taken.add(take(taken.isEmpty() ? port : port.at(taken.getFirst().port.hostPort())));
                }
            } catch (Conflict | SystemFailure e) {
                boolean another = !taken.isEmpty() && ports.getFirst().hostPort() == 0 && tries < TRIES;
                close(taken);
                taken.clear();
                if (!another || e instanceof SystemFailure) {
                    throw e;
                }
            }
        }
        held.computeIfAbsent(container, _ -> new ArrayList<>()).addAll(taken);
        return taken.stream().map(each -> each.port).toList();
    }

    private static Held take(PublishedPort port) {
        try {
            InetSocket socket = InetSocket.bind(port.protocol() == PublishedPort.Protocol.TCP, port.bytes(),
                    port.hostPort());
            return new Held(port.at(socket.port()), socket);
        } catch (SyscallException e) {
            String what = "publish the port " + port.outside() + " of this host";
            String why = Errno.describe(e.errno());
            throw switch (e.errno()) {
                case Errno.EADDRINUSE -> new Conflict(what, why,
                        "choose another port, or end the program that has it ('ss -lnp' lists them)");
                case Errno.EADDRNOTAVAIL -> new Conflict(what, why, "'ip addr' lists the addresses of this host");
                default -> new SystemFailure(what, why, "", e);
            };
        }
    }

    /** Passes on to a container what comes to a port that it has, and the packet filter does not send on. */
    synchronized void pass(Forward forward) {
        for (Held each : held.getOrDefault(forward.container(), List.of())) {
            if (each.port.equals(forward.port()) && each.port.isOfIpv6()) {
                if (each.relay == null) {
                    each.relay = new Relay(each.socket, forward);
                } else {
                    each.relay.leadTo(forward);
                }
            }
        }
    }

    /** Lets a container's ports go: they are free when this returns, whatever is being started. */
    synchronized void letGo(String container) {
        List<Held> ports = held.remove(container);
        if (ports != null) {
            close(ports);
        }
    }

    private static void close(List<Held> ports) {
        for (Held each : ports) {
            if (each.relay != null) {
                each.relay.close();
            }
        }
        Processes.closeForAll(() -> ports.forEach(each -> each.socket.close()));
    }

    @Override
    public synchronized void close() {
        held.values().forEach(HeldPorts::close);
        held.clear();
    }
}
