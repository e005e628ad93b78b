package dev.tinydocker.network;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a container sees of networks, and what sees it. Around a start that is connected:
 *
 * <pre>
 * lease      addresses, links' numbers and ports, on record; bridges and table       before the plan
 * files      hosts, hostname, resolv.conf                                            host's steps
 * connect    the links, made into the container's namespace; what leads to ports     the shim has told the pid
 * stack      lo, eth0, address, route                                                the shim's steps, after go
 * release    what is on record; the links go with the namespace                      what is left of the run
 * </pre>
 */
@Service
public class NetworkService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkService.class);

    private final Networks networks;
    private final LiveNetworks live;
    private final LeaseRecord record;
    private final NetworkUsers users;
    private final NetworkThread thread;
    private final Bridge bridge;
    private final ContainerFiles files;
    private final Addresses addresses;
    private final Publisher publisher;
    private final NetworkNames names;
    private final Set<String> shared = ConcurrentHashMap.newKeySet();
    private final boolean ipv6 = ContainerFiles.hostHasIpv6();
    private @Nullable Set<String> connected;

    NetworkService(Networks networks, LiveNetworks live, LeaseRecord record, NetworkUsers users, NetworkThread thread,
            Bridge bridge, ContainerFiles files, Addresses addresses, Publisher publisher, NetworkNames names) {
        this.networks = networks;
        this.live = live;
        this.record = record;
        this.users = users;
        this.thread = thread;
        this.bridge = bridge;
        this.files = files;
        this.addresses = addresses;
        this.publisher = publisher;
        this.names = names;
    }

    /**
     * The same wish with networks by their names.
     *
     * @throws NotFound where there is none
     * @throws InvalidRequest where two words mean the same, or one means what is no place for a link
     */
    public NetworkWish known(NetworkWish wish) {
        if (!wish.mode().isConnected()) {
            return wish;
        }
        return wish.in(networks.known(wish.endpoints()));
    }

    /**
     * Takes addresses for a container that is about to start; {@link #release} gives them back.
     *
     * @param called what the container is called on networks, its name first
     * @param notice told, a line each and once only, what was changed on this host or stands in the way
     * @return one for each network that has addresses, in the order of the container's links
     */
    public List<Lease> lease(String container, List<String> called, NetworkWish wish, Consumer<String> notice) {
        if (!wish.mode().isConnected()) {
            return List.of();
        }
        connected().add(container);
        List<Lease> leases = new ArrayList<>();
        for (Endpoint endpoint : wish.endpoints()) {
            Network network = networks.find(endpoint.network());
            if (network.driver().hasLinks()) {
                leases.add(take(network, container, called, leases.size(), endpoint, notice));
            }
        }
        publish(wish.published(), leases);
        names.join(container, leases, wish.names().servers());
        return leases;
    }

    /** Knows again what a container has that an engine before this one has started. */
    public void adopt(String container, NetworkWish wish) {
        if (wish.mode().isConnected()) {
            names.join(container, leases(container), wish.names().servers());
        }
    }

    /** One address. */
    Lease take(Network network, String container, List<String> called, int position, Endpoint endpoint,
            Consumer<String> notice) {
        Network here = ready(network, notice);
        record.holders(here, endpoint).forEach(users::awaitEnded);
        Lease lease;
        try {
            lease = addresses.take(here, container, called, position, endpoint);
        } catch (RuntimeException e) {
            // The bridge may have been made for this one.
            live.linger(here.number());
            if (e instanceof DataAccessException
                    && networks.list().stream().noneMatch(each -> each.number() == network.number())) {
                throw new NotFound("connect '" + called.getFirst() + "' to '" + network.name() + "'",
                        "the network was removed just now", "", e);
            }
            throw e;
        }
        // A bridge that had been without containers may have gone just before the lease was on record.
        ready(here, notice);
        return lease;
    }

    private Network ready(Network network, Consumer<String> notice) {
        return live.find(network).orElseGet(() -> {
            List<String> notices = new ArrayList<>();
            Network here = thread.call(() -> live.ready(network, notices));
            notices.forEach(notice);
            return here;
        });
    }

    /** They lead into the first network that can be reached from outside. */
    private void publish(List<PublishedPort> ports, List<Lease> leases) {
        ports.forEach(port -> publisher.take(reachable(port, leases), port));
    }

    /** @throws InvalidRequest where there is none */
    static Lease reachable(PublishedPort port, List<Lease> leases) {
        return leases.stream().filter(each -> each.network().driver() == Driver.BRIDGE && !each.network().internal())
                .findFirst().orElseThrow(() -> new InvalidRequest("publish the port " + port.inside(),
                        "nobody outside reaches any of the container's networks",
                        "add one that is a bridge and not internal"));
    }

    /** What a container has of networks while it runs, in the order of its links. */
    public List<Lease> leases(String container) {
        List<Long> numbers = record.networks(container);
        if (numbers.isEmpty()) {
            return List.of();
        }
        Map<Long, Network> known = networks.list().stream()
                .collect(Collectors.toMap(Network::number, Function.identity()));
        return numbers.stream().map(known::get).map(Optional::ofNullable).flatMap(Optional::stream)
                .flatMap(network -> record.lease(network, container).stream()).toList();
    }

    /** The ports of this host that lead to a container. */
    public List<PublishedPort> ports(String container) {
        return record.ports(container);
    }

    /** Writes hosts, hostname and resolv.conf into the container's run directory. @param owner whom they belong to */
    public List<HostStep> files(Path directory, String hostname, NetworkWish wish, List<Lease> leases, int owner) {
        return files.files(directory, hostname, wish, leases, live::isAnswered, owner);
    }

    /** Shows these three files in the container, under /etc. It may write to them where its root is not read-only. */
    public List<ShimStep> binds(Path directory, boolean readOnly) {
        return files.binds(directory, readOnly);
    }

    /**
     * What is set up inside a container's own network stack. With leases it begins with the wait for the engine, which
     * is to {@link #connect} meanwhile: the later these steps come, the less is waited.
     */
    public List<ShimStep> stack(NetworkMode mode, List<Lease> leases) {
        if (!leases.isEmpty()) {
            return ContainerSide.connected(leases, ipv6);
        }
        return mode.isMade() ? ContainerSide.loopback() : List.of();
    }

    /**
     * Makes the links into the network namespace of a process that waits for them.
     *
     * @param there the namespace
     * @throws SyscallException where that cannot be
     */
    public void connect(List<Lease> leases, NetworkNamespace there) {
        thread.run(() -> leases.forEach(lease -> connect(lease, there)));
    }

    private void connect(Lease lease, NetworkNamespace there) {
        try {
            bridge.plug(lease, there);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENODEV && e.errno() != Errno.EINVAL) {
                throw e;
            }
            // Somebody has removed our bridge.
            LOG.warn("the bridge is gone, made again: {}", e.getMessage());
            live.again(lease.network());
            bridge.plug(lease, there);
        }
        try {
            publisher.lead(lease);
        } catch (NftablesException e) {
            live.tableAgain(e);
        }
    }

    /** Gives back what a container has; one that has nothing is no mistake. */
    public void release(String container) {
        if (connected().contains(container)) {
            thread.run(() -> giveBack(container));
            connected().remove(container);
        }
    }

    /** Who may have something to give back; a container without a network does not pay for those that have one. */
    private synchronized Set<String> connected() {
        if (connected == null) {
            connected = ConcurrentHashMap.newKeySet();
            connected.addAll(record.connected());
        }
        return connected;
    }

    /** Another container has joined the stack of this one, which may go before that. */
    public void share(String container) {
        shared.add(container);
    }

    private void giveBack(String container) {
        names.leave(container);
        if (shared.remove(container)) {
            // Its links go with the last one in there, its addresses now: nobody may have both.
            leases(container).stream().filter(lease -> lease.network().driver() == Driver.BRIDGE)
                    .forEach(lease -> bridge.removeLink(lease.link()));
        }
        List<Long> numbers = record.networks(container);
        NftablesException damage = null;
        try {
            publisher.unlead(container);
        } catch (NftablesException e) {
            damage = e;
        } catch (HostLacks e) {
            LOG.warn("the packet filter goes on leading to {} what came to its ports: {}", container, e.line());
        }
        // While the record still says whose they are: nobody else is told that they are free before they are.
        publisher.letGo(container);
        record.release(container);
        publisher.forget(container);
        if (damage != null) {
            live.tableAgain(damage);
        }
        numbers.forEach(live::linger);
    }

    /**
     * Brings bridges and table together with the record, after an engine has died: what containers need is made again,
     * what nobody needs goes.
     */
    public void reconcile() {
        if (networks.wereUsed()) {
            thread.run(() -> {
                publisher.holdAgain();
                live.reconcile();
            });
        }
    }

    /** Removes the bridges unless containers that outlive this engine need them. */
    @Override
    public void close() {
        thread.run(live::close);
    }
}
