package dev.tinydocker.network;

import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Optional;

/** Ports of this host that lead to containers: held by a socket, on record, and in the packet filter, in this order. */
@Component
class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final int SHORT_ID = 12;

    private final NetworkRecord record;
    private final HeldPorts held;
    private final Bridge bridge;

    Publisher(NetworkRecord record, HeldPorts held, Bridge bridge) {
        this.record = record;
        this.held = held;
        this.bridge = bridge;
    }

    /**
     * Takes a port for a container that has a lease.
     *
     * @throws Conflict where another container or a program has it
     */
    void take(Network network, String container, PublishedPort wanted) {
        Optional<String> holder = wanted.hostPort() == 0 ? Optional.empty() : record.holder(wanted);
        if (holder.isEmpty()) {
            PublishedPort port = held.hold(container, wanted);
            if (record.publish(network, container, port)) {
                return;
            }
        }
        throw new Conflict("publish the port " + wanted.outside() + " of this host",
                "the container '" + holder.orElse(container).substring(0, SHORT_ID) + "' has it",
                "choose another port");
    }

    /**
     * Sends what comes to a container's ports to it. On the thread of networks.
     *
     * @throws NftablesException where the table is not as we left it
     */
    void lead(Network network, Lease lease) {
        List<Forward> forwards = record.forwards(network, lease.container());
        if (!forwards.isEmpty()) {
            bridge.publish(network, lease, forwards);
        }
    }

    /**
     * Forgets a container's ports but for the record: rules first, so that no port is free that still leads somewhere.
     * On the thread of networks.
     *
     * @throws NftablesException where the table is not as we left it
     */
    void unlead(Network network, String container) {
        List<Forward> forwards = record.forwards(network, container);
        if (!forwards.isEmpty()) {
            bridge.unpublish(network, forwards);
        }
    }

    /** Lets the sockets of a container go, last of all. */
    void letGo(String container) {
        held.letGo(container);
    }

    /** Holds what an engine before this one has published; what somebody has taken since is led on all the same. */
    void holdAgain(Network network) {
        for (Forward forward : record.forwards(network)) {
            try {
                held.hold(forward.container(), forward.port());
            } catch (Problem e) {
                LOG.warn("{} goes on being published: {}", forward.port(), e.line());
            }
        }
    }
}
