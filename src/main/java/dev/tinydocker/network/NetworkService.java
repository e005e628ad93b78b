package dev.tinydocker.network;

import dev.tinydocker.linux.Errno;
import dev.tinydocker.linux.NetworkNamespace;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.SyscallException;
import dev.tinydocker.plan.HostStep;
import dev.tinydocker.plan.ShimStep;
import dev.tinydocker.problem.HostLacks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What a container sees of the network, and what sees it. Around a start that is connected:
 *
 * <pre>
 * lease      an address, a link's number and ports, on record; bridge and table      before the plan
 * files      hosts, hostname, resolv.conf                                            host's steps
 * connect    the link, made into the container's namespace; what leads to ports      the shim has told the pid
 * stack      lo, eth0, address, route                                                the shim's steps, after go
 * release    what is on record; the link goes with the namespace                     what is left of the run
 * </pre>
 */
@Service
public class NetworkService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkService.class);

    /** What the default network is called, in the record too. */
    private static final String DEFAULT = "isolated";

    /** How long a bridge without containers stays: making one costs a start more than all the rest of its network. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final NetworkRecord record;
    private final NetworkSettings settings;
    private final NetworkThread thread;
    private final Bridge bridge;
    private final ContainerFiles files;
    private final Addresses addresses;
    private final Publisher publisher;
    private final boolean ipv6 = ContainerFiles.hostHasIpv6();
    /** The one whose bridge is there; written on the thread of networks. */
    private volatile @Nullable Network network;
    private volatile long released;
    private @Nullable Set<String> connected;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    NetworkService(NetworkRecord record, NetworkSettings settings, NetworkThread thread, Bridge bridge,
            ContainerFiles files, Addresses addresses, Publisher publisher) {
        this.record = record;
        this.settings = settings;
        this.thread = thread;
        this.bridge = bridge;
        this.files = files;
        this.addresses = addresses;
        this.publisher = publisher;
    }

    /**
     * Takes an address for a container that is about to start; {@link #release} gives it back.
     *
     * @param notice told, a line each and once only, what was changed on this host or stands in the way
     * @return empty where the container is connected to nothing
     */
    public Optional<Lease> lease(String container, NetworkWish wish, Consumer<String> notice) {
        if (!wish.mode().isConnected()) {
            return Optional.empty();
        }
        Network here = network;
        if (here == null) {
            List<String> notices = new ArrayList<>();
            here = thread.call(() -> ready(notices));
            notices.forEach(notice);
        }
        connected().add(container);
        Lease lease = addresses.take(here, container);
        // A bridge that had been without containers may have gone just before the lease was on record.
        if (network == null) {
            thread.call(() -> ready(new ArrayList<>()));
        }
        for (PublishedPort port : wish.published()) {
            publisher.take(here, container, port);
        }
        return Optional.of(lease);
    }

    /** The containers that have one of the ports asked for, also where they have ended a moment ago. */
    public List<String> holders(NetworkWish wish) {
        return wish.ports().stream().map(record::holder).flatMap(Optional::stream).distinct().toList();
    }

    /** What a container has of its network while it runs; empty where it is connected to nothing. */
    public Optional<Lease> lease(String container) {
        return record.find(DEFAULT).flatMap(known -> record.lease(known, container));
    }

    /** The ports of this host that lead to a container. */
    public List<PublishedPort> ports(String container) {
        return record.ports(container);
    }

    /** Writes hosts, hostname and resolv.conf into the container's run directory. */
    public List<HostStep> files(Path directory, String hostname, NetworkWish wish, @Nullable Lease lease) {
        return files.files(directory, hostname, wish, lease);
    }

    /** Shows these three files in the container, under /etc. It may write to them. */
    public List<ShimStep> binds(Path directory) {
        return files.binds(directory);
    }

    /**
     * What is set up inside a container's own network stack. With a lease it begins with the wait for the engine, which
     * is to {@link #connect} meanwhile: the later these steps come, the less is waited.
     */
    public List<ShimStep> stack(NetworkMode mode, @Nullable Lease lease) {
        if (lease != null) {
            return ContainerSide.connected(lease, ipv6);
        }
        return mode.isOwn() ? ContainerSide.loopback() : List.of();
    }

    /**
     * Makes the link into the network namespace of a process that waits for it.
     *
     * @param there the namespace
     * @throws SyscallException where that cannot be
     */
    public void connect(Lease lease, NetworkNamespace there) {
        thread.run(() -> {
            try {
                bridge.plug(lease, there);
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENODEV && e.errno() != Errno.EINVAL) {
                    throw e;
                }
                // Somebody has removed our bridge.
                LOG.warn("the bridge is gone, made again: {}", e.getMessage());
                network = null;
                ready(new ArrayList<>());
                bridge.plug(lease, there);
            }
            lead(lease);
        });
    }

    private void lead(Lease lease) {
        Network here = network;
        if (here == null) {
            return;
        }
        try {
            publisher.lead(here, lease);
        } catch (NftablesException e) {
            LOG.warn("the table is not as it was left, made again: {}", e.getMessage());
            network = null;
            ready(new ArrayList<>());
        }
    }

    /** Gives back what a container has; one that has nothing is no mistake. */
    public void release(String container) {
        if (!connected().contains(container)) {
            return;
        }
        thread.run(() -> giveBack(container));
        connected().remove(container);
        if (network != null) {
            released = System.nanoTime();
            thread.later(LINGER, () -> {
                if (System.nanoTime() - released >= LINGER.toNanos()) {
                    removeUnused();
                }
            });
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

    private void giveBack(String container) {
        Network here = network;
        boolean damaged = false;
        try {
            if (here != null) {
                publisher.unlead(here, container);
            }
        } catch (NftablesException e) {
            LOG.warn("the table is not as it was left, made again: {}", e.getMessage());
            damaged = true;
        }
        record.release(container);
        if (damaged) {
            network = null;
            ready(new ArrayList<>());
        }
        publisher.letGo(container);
    }

    /**
     * Brings bridge and table together with the record, after an engine has died: what containers need is made again,
     * what nobody needs goes.
     */
    public void reconcile() {
        Network known = record.find(DEFAULT).orElse(null);
        if (known == null) {
            return;
        }
        thread.run(() -> {
            if (record.leases(known).isEmpty()) {
                bridge.remove(known.bridge());
            } else {
                publisher.holdAgain(known);
                ready(new ArrayList<>());
            }
        });
    }

    /** Makes bridge and table, once; on the thread of networks. */
    private Network ready(List<String> notices) {
        Network here = network;
        if (here == null) {
            here = recorded();
            notices.addAll(bridge.make(here, record.leases(here), record.forwards(here)));
            if (!files.hasServers()) {
                notices.add("this host has no name server that containers reach: they cannot ask for names");
            }
            notices.removeIf(notice -> !said.add(notice));
            network = here;
        }
        return here;
    }

    /** The network as recorded, with a subnet that is still free where no container has an address of it. */
    private Network recorded() {
        String name = settings.bridge();
        Optional<Network> known = record.find(DEFAULT);
        if (known.isPresent() && !record.leases(known.get()).isEmpty()) {
            return known.get();
        }
        List<Subnet> taken = bridge.taken(name);
        Subnet wanted = settings.subnet().or(() -> known.map(Network::subnet)
                .filter(subnet -> taken.stream().noneMatch(subnet::overlaps))).or(() -> FreeSubnets.first(taken))
                .orElseThrow(() -> new HostLacks("choose a subnet for '" + DEFAULT + "'",
                        "this host has routes to all private addresses", "set tiny.network.subnet"));
        if (known.isEmpty() || !known.get().subnet().equals(wanted) || !known.get().bridge().equals(name)) {
            known.ifPresent(old -> bridge.remove(old.bridge()));
            record.save(DEFAULT, name, wanted);
        }
        return record.find(DEFAULT).orElseThrow();
    }

    private void removeUnused() {
        Network here = network;
        if (here == null) {
            return;
        }
        // First of all: who takes an address from here on waits until this thread has made the bridge again.
        network = null;
        try {
            if (record.leases(here).isEmpty()) {
                bridge.remove(here.bridge());
            } else {
                network = here;
            }
        } catch (RuntimeException e) {
            LOG.error("cannot remove the bridge {}", here.bridge(), e);
        }
    }

    /** Removes the bridge unless containers that outlive this engine need it. */
    @Override
    public void close() {
        if (network != null) {
            thread.run(this::removeUnused);
        }
    }
}
