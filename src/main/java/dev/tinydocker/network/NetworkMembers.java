package dev.tinydocker.network;

import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.Conflict;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes running containers into networks and out of them. What is to be done inside a container's network namespace is
 * handed out as steps: this engine enters none.
 *
 * <pre>
 * join       an address, a link's number, on record     leave      rules, the link; steps: routes
 * connect    the link, made into the namespace          left       what is on record
 * inside     steps: the link up, its address, routes
 * </pre>
 */
@Service
public class NetworkMembers {

    private final NetworkService service;
    private final Networks networks;
    private final LiveNetworks live;
    private final LeaseRecord record;
    private final NetworkThread thread;
    private final Bridge bridge;
    private final Publisher publisher;
    private final NetworkNames names;
    private final FileChanges files;
    private final boolean ipv6 = ContainerFiles.hostHasIpv6();

    NetworkMembers(NetworkService service, Networks networks, LiveNetworks live, LeaseRecord record,
            NetworkThread thread, Bridge bridge, Publisher publisher, NetworkNames names, FileChanges files) {
        this.service = service;
        this.networks = networks;
        this.live = live;
        this.record = record;
        this.thread = thread;
        this.bridge = bridge;
        this.publisher = publisher;
        this.names = names;
        this.files = files;
    }

    /**
     * Takes an address for a container that runs. Its published ports lead there, where they led nowhere.
     *
     * @param called what the container is called on networks, its name first
     * @return empty where the network has no addresses
     * @throws Conflict where it is asked for what somebody has
     */
    public Optional<Lease> join(String container, List<String> called, NetworkWish wish, Endpoint endpoint,
            Consumer<String> notice) {
        Network network = networks.find(endpoint.network());
        if (!network.driver().hasLinks()) {
            return Optional.empty();
        }
        List<Lease> has = service.leases(container);
        int position = has.isEmpty() ? 0 : has.getLast().position() + 1;
        Lease lease = service.take(network, container, called, position, endpoint, notice);
        if (isReached(lease) && record.ports(container).isEmpty()) {
            wish.published().forEach(port -> publisher.take(lease, port));
        }
        names.join(container, service.leases(container), wish.names().servers());
        return Optional.of(lease);
    }

    private static boolean isReached(Lease lease) {
        return lease.network().driver() == Driver.BRIDGE && !lease.network().internal();
    }

    /** Makes the link into the container's namespace. */
    public void connect(Lease lease, NetworkNamespace there) {
        service.connect(List.of(lease), there);
    }

    /** What is to be done there then. */
    public List<ShimStep> inside(Lease lease) {
        return ContainerSide.joined(lease, service.leases(lease.container()), ipv6);
    }

    /**
     * Takes a container out of a network: what led to it leads to the next of its links that is reached from outside.
     * May be repeated, until it {@link #left}.
     *
     * @return what is to be done in its namespace then
     */
    public List<ShimStep> leave(Lease lease) {
        List<Lease> rest = service.leases(lease.container()).stream()
                .filter(other -> other.position() != lease.position()).toList();
        names.stay(lease.container(), rest);
        thread.run(() -> {
            NftablesException damage = null;
            try {
                publisher.unlead(lease);
            } catch (NftablesException e) {
                damage = e;
            }
            Optional<Lease> next = rest.stream().filter(NetworkMembers::isReached).findFirst();
            next.ifPresentOrElse(to -> record.move(lease, to), () -> record.unpublish(lease));
            if (lease.network().driver() == Driver.BRIDGE) {
                bridge.removeLink(lease.link());
            }
            if (damage == null) {
                damage = next.flatMap(this::lead).orElse(null);
            }
            if (damage != null) {
                live.tableAgain(damage);
            }
        });
        return ContainerSide.left(lease, rest);
    }

    /**
     * What its files are to say of that, for one that runs.
     *
     * @param directory where they are
     * @param before what it had of networks until now
     * @param after what it has
     */
    public List<HostStep> files(Path directory, String hostname, NetworkWish wish, List<Lease> before,
            List<Lease> after) {
        return files.steps(directory, hostname, wish, before, after, live::isAnswered);
    }

    /** What a container has of networks, in the order of its links. */
    public List<Lease> leases(String container) {
        return service.leases(container);
    }

    /** Gives back what it had there, once nothing is left of it. */
    public void left(Lease lease) {
        thread.run(() -> {
            record.release(lease);
            if (record.ports(lease.container()).isEmpty()) {
                publisher.letGo(lease.container());
            }
            live.linger(lease.network().number());
        });
    }

    private Optional<NftablesException> lead(Lease lease) {
        try {
            publisher.lead(lease);
            return Optional.empty();
        } catch (NftablesException e) {
            return Optional.of(e);
        }
    }

    /** What a container has of networks that it is not to be in: somebody was killed on the way in or out. */
    public List<Lease> strays(String container, NetworkWish wish) {
        return service.leases(container).stream().filter(lease -> wish.endpoints().stream()
                .noneMatch(endpoint -> endpoint.network().equals(lease.network().name()))).toList();
    }
}
