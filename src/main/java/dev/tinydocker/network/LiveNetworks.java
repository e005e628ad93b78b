package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.NftablesException;
import dev.tinydocker.network.names.NameServer;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.problem.SystemFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The networks whose bridges are there: from the first container's start until a while after the last one's end.
 * Changed on the thread of networks.
 */
@Component
class LiveNetworks {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNetworks.class);

    /** How long a bridge without containers stays: making one costs a start more than all the rest of its network. */
    private static final Duration LINGER = Duration.ofSeconds(5);
    /** The port that name servers are asked at. */
    private static final int NAMES = 53;

    private final NetworkRecord record;
    private final LeaseRecord leases;
    private final NetworkThread thread;
    private final Subnets subnets;
    private final Bridge bridge;
    private final PacketFilter filter;
    private final ContainerFiles files;
    private final NameServer servers;
    private final TableWatch watch;
    private final Flows flows;
    private final NetworkSettings settings;
    private final Map<Long, Network> live = new ConcurrentHashMap<>();
    private final Map<Long, Long> released = new ConcurrentHashMap<>();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    LiveNetworks(NetworkRecord record, LeaseRecord leases, NetworkThread thread, Subnets subnets, Bridge bridge,
            PacketFilter filter, ContainerFiles files, NameServer servers, TableWatch watch,
            Flows flows, NetworkSettings settings) {
        this.record = record;
        this.leases = leases;
        this.thread = thread;
        this.subnets = subnets;
        this.bridge = bridge;
        this.filter = filter;
        this.files = files;
        this.servers = servers;
        this.watch = watch;
        this.flows = flows;
        this.settings = settings;
    }

    /** The network as it is there, if it is. On any thread. */
    Optional<Network> find(Network network) {
        return Optional.ofNullable(live.get(network.number()));
    }

    /**
     * Makes what a network needs of this host, whatever of it is there.
     *
     * @param notices what the user should know is added: a line each, and each once only
     * @return the network with the subnet it has now
     */
    Network ready(Network network, List<String> notices) {
        Network here = live.get(network.number());
        if (here != null) {
            return here;
        }
        List<String> all = new ArrayList<>();
        here = subnets.settled(recorded(network));
        boolean used = leases.isUsed(here);
        try {
            make(here);
            answerNames(here);
            if (here.driver() == Driver.BRIDGE) {
                live.put(here.number(), here);
                filter();
                all.addAll(filter.notices(here));
            }
        } catch (RuntimeException e) {
            live.remove(here.number());
            if (!used) {
                undo(here, e);
            }
            throw e;
        }
        live.put(here.number(), here);
        if (!isAnswered(here) && !files.hasServers()) {
            all.add("this host has no name server that containers reach: they cannot ask for names");
        }
        all.stream().filter(said::add).forEach(notices::add);
        return here;
    }

    /** The network as {@link #ready} would have it; nothing is made. */
    Network foreseen(Network network) {
        Network here = live.get(network.number());
        return here == null ? subnets.foreseen(recorded(network)) : here;
    }

    /** The record's: what a caller knows may be older than its subnet. */
    private Network recorded(Network network) {
        return record.find(network.number()).orElseThrow(() -> new NotFound("use the network '" + network.name() + "'",
                "it was removed just now", ""));
    }

    private void make(Network network) {
        bridge.make(network, leases.leases(network), leases.forwards(network).stream().filter(Forward::leads)
                .map(Forward::container).collect(Collectors.toSet()));
    }

    private void undo(Network network, RuntimeException cause) {
        try {
            servers.close(NetworkNames.server(network));
            bridge.remove(network.link());
            filter();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Puts the table in the place of the one there is; none where no network is there. */
    private void filter() {
        List<Network> bridges = live.values().stream().filter(network -> network.driver() == Driver.BRIDGE).toList();
        filter.replace(bridges, bridges.stream().flatMap(network -> leases.forwards(network).stream())
                .filter(Forward::leads).toList(),
                bridges.stream().flatMap(this::server).toList());
        if (!bridges.isEmpty()) {
            watch.start(settings.bridge(), () -> thread.run(this::keepTable));
        }
    }

    /** The same after a time in which packets went another way: the kernel remembers that way for those that go on. */
    private void filterAgain() {
        filter();
        for (Network network : live.values()) {
            if (network.driver() == Driver.BRIDGE) {
                flows.begin(leases.forwards(network).stream().filter(Forward::leads).toList(), bridge::isHere);
                server(network).forEach(flows::ask);
            }
        }
    }

    private void keepTable() {
        if (live.values().stream().anyMatch(network -> network.driver() == Driver.BRIDGE) && !filter.isWhole()) {
            LOG.warn("somebody has removed the table of the packet filter, or rules of it: made again");
            try {
                filterAgain();
            } catch (RuntimeException e) {
                LOG.error("cannot make the table again", e);
            }
        }
    }

    /** Where what is sent to a network's name server goes. */
    private Stream<Forward> server(Network network) {
        Ipv4 address = network.addresses().gateway();
        return servers.ports(NetworkNames.server(network)).stream().flatMap(ports -> Stream.of(
                new PublishedPort(PublishedPort.Protocol.UDP, address, NAMES, ports.datagrams()),
                new PublishedPort(PublishedPort.Protocol.TCP, address, NAMES, ports.streams())))
                .map(port -> new Forward(port, "", address, null));
    }

    /** Whether this engine is asked for names there, or will be once it is made. On any thread. */
    boolean isAnswered(Network network) {
        return network.driver() == Driver.BRIDGE && (live.containsKey(network.number())
                ? servers.ports(NetworkNames.server(network)).isPresent() : isToBeAnswered(network));
    }

    /** On the default network too, where containers reach nobody else whom this host asks. */
    private boolean isToBeAnswered(Network network) {
        return NetworkNames.has(network) || network.driver() == Driver.BRIDGE && files.asksItself();
    }

    private void answerNames(Network network) {
        if (isToBeAnswered(network)) {
            try {
                servers.open(NetworkNames.server(network));
            } catch (IOException e) {
                throw new SystemFailure("answer names on the network '" + network.name() + "'",
                        String.valueOf(e.getMessage()), "", e);
            }
        }
    }

    /** Makes one network again, of which something is gone. */
    Network again(Network network) {
        live.remove(network.number());
        return ready(network, new ArrayList<>());
    }

    /** Makes the table again, since it is not as it was left. */
    void tableAgain(NftablesException why) {
        LOG.warn("the table is not as it was left, made again: {}", why.getMessage());
        filterAgain();
    }

    /** A container has left it: unless another one comes, what there is of it goes, a while later. */
    void linger(long number) {
        Network here = live.get(number);
        if (here != null) {
            released.put(number, System.nanoTime());
            thread.later(LINGER, () -> {
                if (System.nanoTime() - released.getOrDefault(number, 0L) >= LINGER.toNanos()) {
                    removeUnused(here);
                }
            });
        }
    }

    private void removeUnused(Network here) {
        // First of all: who takes an address from here on waits until this thread has made the bridge again.
        if (!live.remove(here.number(), here)) {
            return;
        }
        try {
            if (leases.isUsed(here)) {
                live.put(here.number(), here);
            } else {
                released.remove(here.number());
                servers.close(NetworkNames.server(here));
                // Where the table cannot be changed the bridge stays: the next engine sees by it that there is a table.
                filter();
                bridge.remove(here.link());
            }
        } catch (RuntimeException e) {
            LOG.error("cannot remove the bridge {}", here.link(), e);
        }
    }

    /** Removes what there is of a network that is on record no more. */
    void removed(Network network) {
        Network here = live.remove(network.number());
        released.remove(network.number());
        if (here != null && here.driver() == Driver.BRIDGE) {
            servers.close(NetworkNames.server(here));
            filter();
            bridge.remove(here.link());
        }
    }

    /**
     * Brings bridges and table together with the record, after an engine has died: what containers need is made again,
     * what nobody needs goes.
     */
    void reconcile() {
        List<Network> used = record.list().stream().filter(leases::isUsed).toList();
        List<String> left = bridge.left(used.stream().map(Network::link).toList());
        for (Network network : used) {
            try {
                make(network);
                answerNames(network);
                if (network.driver() == Driver.BRIDGE) {
                    filter.forward(network).forEach(LOG::warn);
                }
                live.put(network.number(), network);
            } catch (RuntimeException e) {
                LOG.error("cannot make the network {} again", network.name(), e);
            }
        }
        if (!used.isEmpty() || !left.isEmpty()) {
            try {
                filterAgain();
            } catch (RuntimeException e) {
                // What an engine before this one has made goes on.
                LOG.error("cannot make the table again", e);
            }
        }
        left.forEach(bridge::remove);
    }

    /** Removes what no container needs that outlives this engine. */
    void close() {
        List.copyOf(live.values()).forEach(this::removeUnused);
    }
}
