package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.Subnet6;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Which addresses a network may have beside this host's and the other networks'. On the thread of networks. */
@Component
class Subnets {

    private final NetworkRecord record;
    private final LeaseRecord leases;
    private final NetworkSettings settings;
    private final Bridge bridge;
    private final ContainerFiles files;

    Subnets(NetworkRecord record, LeaseRecord leases, NetworkSettings settings, Bridge bridge, ContainerFiles files) {
        this.record = record;
        this.leases = leases;
        this.settings = settings;
        this.bridge = bridge;
        this.files = files;
    }

    /** A subnet for a new network. @throws HostLacks where all that may be chosen are taken */
    Pool free(String name) {
        return first(name, taken(), others(0));
    }

    /** One of 2^40, which nobody else has as far as chance goes; RFC 4193. */
    Pool6 free6() {
        long random = ThreadLocalRandom.current().nextLong() >>> 24;
        return Pool6.of(new Subnet6(new Ipv6(0xfdL << 56 | random << 16, 0), 64));
    }

    /**
     * Looks at what a user asks for.
     *
     * @throws Conflict where another network, or for a bridge this host, has addresses of it
     */
    void check(NewNetwork wish) {
        String what = "create the network '" + wish.name() + "'";
        Pool pool = wish.pool();
        Pool6 pool6 = wish.pool6();
        for (Network other : record.list()) {
            Pool theirs = other.pool();
            Pool6 theirs6 = other.pool6();
            if (pool != null && theirs != null && pool.subnet().overlaps(theirs.subnet())) {
                throw overlap(what, pool.subnet(), "the network '" + other.name() + "' has " + theirs.subnet());
            }
            if (pool6 != null && theirs6 != null && pool6.subnet().overlaps(theirs6.subnet())) {
                throw overlap(what, pool6.subnet(), "the network '" + other.name() + "' has " + theirs6.subnet());
            }
        }
        if (pool != null && wish.driver() == Driver.BRIDGE) {
            inTheWay(pool.subnet()).ifPresent(own -> {
                throw overlap(what, pool.subnet(), "this host uses " + own);
            });
        }
        if (pool6 != null && wish.driver() == Driver.BRIDGE) {
            inTheWay(pool6.subnet()).ifPresent(own -> {
                throw overlap(what, pool6.subnet(), "this host uses " + own);
            });
        }
    }

    private static Conflict overlap(String what, Object subnet, String why) {
        return new Conflict(what, "its subnet " + subnet + " overlaps another: " + why, "choose another subnet");
    }

    /** What this host has in a subnet. A route to more than the subnet is none of that: routers have such. */
    private Optional<Subnet> inTheWay(Subnet subnet) {
        return bridge.taken().stream().filter(own -> own.overlaps(subnet) && own.prefix() >= subnet.prefix())
                .findFirst().or(() -> bridge.addresses().stream().filter(own -> own.overlaps(subnet)).findFirst());
    }

    private Optional<Subnet6> inTheWay(Subnet6 subnet) {
        return bridge.addresses6().stream().filter(subnet::overlaps).findFirst();
    }

    /** The network as {@link #foreseen} says, on record. */
    Network settled(Network network) {
        Network settled = foreseen(network);
        if (!settled.equals(network)) {
            if (!settled.link().equals(network.link()) && !network.link().isEmpty()) {
                bridge.remove(network.link());
            }
            record.save(settled);
        }
        return settled;
    }

    /**
     * The network as it is to be made: with a subnet that is still free where it was left to us and no container has
     * an address of it.
     */
    Network foreseen(Network network) {
        if (network.driver() != Driver.BRIDGE || network.pool() != null && leases.isUsed(network)) {
            return network;
        }
        Optional<Pool> asked = network.isDefault() ? settings.subnet().map(Pool::of)
                : network.asked() ? Optional.of(network.addresses()) : Optional.empty();
        Pool pool = asked.orElseGet(() -> {
            List<Subnet> taken = taken();
            List<Subnet> others = others(network.number());
            return network.pool() != null && Stream.concat(taken.stream(), others.stream())
                    .noneMatch(network.pool().subnet()::overlaps) ? network.pool()
                    : first(network.name(), taken, others);
        });
        if (asked.isPresent()) {
            inTheWay(pool.subnet()).ifPresent(own -> {
                throw inUse(network, "this host has come to use " + own);
            });
        }
        if (asked.isPresent() && network.isDefault()) {
            others(network.number()).stream().filter(pool.subnet()::overlaps).findFirst().ifPresent(other -> {
                throw inUse(network, "another network has " + other);
            });
        }
        if (network.pool6() != null) {
            inTheWay(network.pool6().subnet()).ifPresent(own -> {
                throw inUse(network, "this host has come to use " + own);
            });
        }
        String link = network.isDefault() ? settings.bridge() : network.link();
        boolean stays = network.isDefault() ? settings.subnet().isPresent() : network.asked();
        return network.with(link, stays, pool);
    }

    private static Conflict inUse(Network network, String why) {
        return new Conflict("make the network '" + network.name() + "'", why, network.isDefault()
                ? "set tiny.network.subnet to another one, or to nothing"
                : "remove it and create it again with another subnet");
    }

    /** What is not to be chosen. */
    private List<Subnet> taken() {
        return Stream.concat(bridge.taken().stream(), files.askedByHost().stream()).toList();
    }

    private Pool first(String name, List<Subnet> taken, List<Subnet> others) {
        return FreeSubnets.first(Stream.concat(taken.stream(), others.stream()).toList()).map(Pool::of)
                .orElseThrow(() -> new HostLacks("choose a subnet for '" + name + "'",
                        "this host has routes to all private addresses",
                        name.equals(Network.DEFAULT) ? "set tiny.network.subnet" : "name one with --subnet"));
    }

    private List<Subnet> others(long than) {
        return record.list().stream().filter(network -> network.number() != than).map(Network::pool)
                .filter(Objects::nonNull).map(pool -> Objects.requireNonNull(pool).subnet()).toList();
    }
}
