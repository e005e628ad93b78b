package dev.tinydocker.network;

import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ports of this host that lead to containers: held by a socket, on record, and in the packet filter, in this order. */
@Component
class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final int SHORT_ID = 12;

    private final LeaseRecord record;
    private final NetworkUsers users;
    private final HeldPorts held;
    private final Bridge bridge;
    private final PacketFilter filter;
    private final Flows flows;
    private @Nullable Set<String> published;

    Publisher(LeaseRecord record, NetworkUsers users, HeldPorts held, Bridge bridge, PacketFilter filter, Flows flows) {
        this.record = record;
        this.users = users;
        this.held = held;
        this.bridge = bridge;
        this.filter = filter;
        this.flows = flows;
    }

    /**
     * Takes a port that is to lead to where a lease is; of several that will do, the first that is free.
     *
     * @throws Conflict where another container or a program has it
     */
    void take(Lease lease, PublishedPort wanted) {
        if (wanted.lastPort() == null) {
            wanted.each(lease.address6() != null).stream().map(record::holder).flatMap(Optional::stream)
                    .forEach(users::awaitEnded);
        }
        Conflict taken = null;
        for (PublishedPort choice : wanted.choices()) {
            try {
                takeOne(lease, choice);
                return;
            } catch (Conflict e) {
                taken = e;
            }
        }
        throw wanted.lastPort() == null && taken != null ? taken : new Conflict("publish one of the ports "
                + wanted.outside() + " of this host", "all are taken", "choose others");
    }

    private void takeOne(Lease lease, PublishedPort wanted) {
        published().add(lease.container());
        List<PublishedPort> each = wanted.each(lease.address6() != null);
        Optional<String> holder = wanted.hostPort() == 0 ? Optional.empty()
                : each.stream().map(record::holder).flatMap(Optional::stream).findFirst();
        if (holder.isEmpty() && held.hold(lease.container(), each).stream()
                .allMatch(port -> record.publish(lease, port))) {
            return;
        }
        throw new Conflict("publish the port " + wanted.outside() + " of this host",
                "the container '" + holder.orElse(lease.container()).substring(0, SHORT_ID) + "' has it",
                "choose another port");
    }

    /**
     * Sends what comes to a container's ports to it. On the thread of networks.
     *
     * @throws NftablesException where the table is not as we left it
     */
    void lead(Lease lease) {
        List<Forward> all = forwards(lease);
        all.forEach(held::pass);
        List<Forward> forwards = all.stream().filter(Forward::leads).toList();
        if (!forwards.isEmpty()) {
            bridge.hairpin(lease);
            filter.publish(forwards);
            flows.begin(forwards, bridge::isHere);
        }
    }

    private List<Forward> forwards(Lease lease) {
        return forwards(lease.container()).stream().filter(forward -> forward.address().equals(lease.address()))
                .toList();
    }

    private List<Forward> forwards(String container) {
        return published().contains(container) ? record.forwards(container) : List.of();
    }

    /** Who may have published ports; a container without any does not pay for those that have some. */
    private synchronized Set<String> published() {
        if (published == null) {
            published = ConcurrentHashMap.newKeySet();
            published.addAll(record.published());
        }
        return published;
    }

    /**
     * Forgets a container's ports but for the record: rules first, so that no port is free that still leads somewhere.
     * On the thread of networks.
     *
     * @throws NftablesException where the table is not as we left it
     */
    void unlead(String container) {
        List<Forward> forwards = forwards(container).stream().filter(Forward::leads).toList();
        if (!forwards.isEmpty()) {
            filter.unpublish(forwards);
            flows.end(forwards);
        }
    }

    /** The same for those that lead to one lease. */
    void unlead(Lease lease) {
        List<Forward> forwards = forwards(lease).stream().filter(Forward::leads).toList();
        if (!forwards.isEmpty()) {
            filter.unpublish(forwards);
            flows.end(forwards);
        }
    }

    /** A container has no ports on record any more. */
    void forget(String container) {
        published().remove(container);
    }

    /** Lets the sockets of a container go. */
    void letGo(String container) {
        held.letGo(container);
    }

    /** Holds what an engine before this one has published; what somebody has taken since is led on all the same. */
    void holdAgain() {
        for (Forward forward : record.forwards()) {
            try {
                held.hold(forward.container(), List.of(forward.port()));
                held.pass(forward);
            } catch (Problem e) {
                LOG.warn("{} goes on being published: {}", forward.port(), e.line());
            }
        }
    }
}
