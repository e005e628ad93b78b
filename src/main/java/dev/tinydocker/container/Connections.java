package dev.tinydocker.container;

import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.Processes;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.network.Endpoint;
import dev.tinydocker.network.Lease;
import dev.tinydocker.network.NetworkMembers;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.network.Networks;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Connects containers that exist to networks, and disconnects them: on record, and where they run at once. Into a
 * network the record of the container comes last, out of it first: what an engine that is killed in between leaves is
 * a lease of a network that the container is not to be in, which {@link #repair} takes back.
 */
@Service
public class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final ContainerRecord record;
    private final LiveContainers containers;
    private final Networks networks;
    private final NetworkMembers members;
    private final Execs execs;
    private final NameFiles files;

    Connections(ContainerRecord record, LiveContainers containers, Networks networks, NetworkMembers members,
            Execs execs, NameFiles files) {
        this.record = record;
        this.containers = containers;
        this.networks = networks;
        this.members = members;
        this.execs = execs;
        this.files = files;
    }

    /**
     * Connects a container to one more network. Blocks: platform threads only.
     *
     * @param notice told, a line each, what was changed on this host or stands in the way
     * @throws Conflict where it is connected already, or can be connected to nothing
     */
    public synchronized void connect(Container known, Endpoint wish, Consumer<String> notice) {
        Container container = settled(known);
        String what = "connect '" + container.name() + "' to the network '" + wish.network() + "'";
        String network = networks.find(wish.network()).name();
        NetworkWish before = container.spec().network();
        if (!before.mode().isConnected() || !NetworkMode.of(network).isConnected()) {
            throw new Conflict(what, "it has the network '" + (before.mode().isConnected() ? network
                    : before.mode().name().toLowerCase(Locale.ROOT)) + "', which goes with no other",
                    "run it with --net isolated or a network of its own");
        }
        if (before.endpoints().stream().anyMatch(endpoint -> endpoint.network().equals(network))) {
            throw new Conflict(what, "it is connected to it already", "");
        }
        Endpoint endpoint = wish.in(network);
        List<Endpoint> all = new ArrayList<>(before.endpoints());
        all.add(endpoint);
        if (container.state().isAlive()) {
            List<Lease> had = members.leases(container.id());
            members.join(container.id(), container.names(), before, endpoint, notice)
                    .ifPresent(lease -> plug(what, container, lease, had));
        }
        record.networks(container.id(), container.spec().with(before.in(all)));
    }

    private void plug(String what, Container container, Lease lease, List<Lease> had) {
        try {
            int pid = Objects.requireNonNull(container.pid());
            OptionalLong started = Processes.startTime(pid);
            try (NetworkNamespace there = NetworkNamespace.of(pid)) {
                Live running = containers.find(container.id()).orElse(null);
                // Alive after that, it was its namespace that was opened; and its end is still to give back the lease.
                if (running == null || running.exited.isDone() || started.isEmpty()
                        || !Processes.isAlive(pid, started.getAsLong())) {
                    throw new Conflict(what, "it has just ended", "try again");
                }
                members.connect(lease, there);
            }
            execs.inNetwork(what, container, members.inside(lease));
            files.renew(container, had, members.leases(container.id()));
        } catch (RuntimeException e) {
            try {
                members.leave(lease);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            } finally {
                members.left(lease);
            }
            throw e instanceof SyscallException ? new SystemFailure(what, String.valueOf(e.getMessage()), "", e) : e;
        }
    }

    /** The reverse. @throws NotFound where it is not connected to it */
    public synchronized void disconnect(Container known, String reference) {
        Container container = settled(known);
        NetworkWish before = container.spec().network();
        String what = "disconnect '" + container.name() + "' from the network '" + reference + "'";
        boolean named = before.endpoints().stream().anyMatch(endpoint -> endpoint.network().equals(reference));
        String network = named ? reference : networks.find(reference).name();
        List<Endpoint> rest = before.endpoints().stream().filter(endpoint -> !endpoint.network().equals(network))
                .toList();
        if (rest.size() == before.endpoints().size()) {
            throw new NotFound(what, "it is not connected to it", "'inspect " + container.name()
                    + "' lists the networks it is in");
        }
        Container after = container.with(container.spec().with(before.in(rest)));
        record.networks(container.id(), after.spec());
        leave(what, after);
    }

    /** Takes a running container out of networks that it is not to be in. */
    synchronized void repair(Container container) {
        try {
            leave("disconnect '" + container.name() + "'", container);
        } catch (RuntimeException e) {
            LOG.error("cannot take {} out of a network", container.shortId(), e);
        }
    }

    private void leave(String what, Container container) {
        for (Lease lease : members.strays(container.id(), container.spec().network())) {
            try {
                List<Lease> had = members.leases(container.id());
                List<ShimStep> inside = members.leave(lease);
                if (container.state().isAlive()) {
                    if (!inside.isEmpty()) {
                        execs.inNetwork(what, container, inside);
                    }
                    files.renew(container, had, had.stream()
                            .filter(other -> other.position() != lease.position()).toList());
                }
            } finally {
                members.left(lease);
            }
        }
    }

    /** One that is being started is waited for. */
    private Container settled(Container known) {
        containers.find(known.id()).ifPresent(live -> live.running.handle((_, _) -> true).join());
        return record.get(known.id());
    }
}
