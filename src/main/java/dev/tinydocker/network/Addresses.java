package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Gives addresses of networks out. They go round: one that was given back is used again as late as can be. */
@Component
class Addresses {

    /** Numbers of links: above those that the kernel gives, which count from 1. */
    private static final int FIRST_LINK = 1 << 24;
    private static final int LAST_LINK = 1 << 30;

    private final LeaseRecord record;
    private final Map<Long, AtomicInteger> next = new ConcurrentHashMap<>();

    Addresses(LeaseRecord record) {
        this.record = record;
    }

    /**
     * An address that nobody has, or the one that was asked for, on record from now on.
     *
     * @param called what the container is called on networks, its name first
     * @param position which of its links that is, from 0
     * @throws HostLacks where all are taken
     * @throws Conflict where the one that was asked for is
     */
    Lease take(Network network, String container, List<String> called, int position, Endpoint wish) {
        return first(network, container, called, position, wish, turn(network), record::insert);
    }

    /** The one that {@link #take} would take now; it is not taken. */
    Lease foreseen(Network network, String container, List<String> called, int position, Endpoint wish) {
        return first(network, container, called, position, wish, new AtomicInteger(turn(network).get()),
                record::isFree);
    }

    private AtomicInteger turn(Network network) {
        return next.computeIfAbsent(network.number(), _ -> new AtomicInteger());
    }

    private Lease first(Network network, String container, List<String> called, int position, Endpoint wish,
            AtomicInteger turn, Predicate<Lease> mayHave) {
        Pool pool = network.addresses();
        String name = called.getFirst();
        List<String> names = Stream.concat(called.stream(), wish.aliases().stream()).distinct().toList();
        if (!wish.aliases().isEmpty() && !NetworkNames.has(network)) {
            throw new InvalidRequest("use the alias '" + wish.aliases().getFirst() + "' in the network '"
                    + network.name() + "'", "nobody finds others by name there",
                    "use it on a network that 'network create' has made, of the driver bridge");
        }
        if (wish.address() != null || wish.address6() != null) {
            check(network, wish);
        }
        Ipv4 asked = wish.address();
        Ipv6 asked6 = wish.address6();
        if (asked6 != null && record.isTaken(network, asked6)) {
            throw taken(network, name, asked6);
        }
        int first = asked == null ? pool.range().first().bits() : asked.bits();
        int count = asked == null ? 1 << 32 - pool.range().prefix() : 1;
        for (int attempt = 0; attempt < count; attempt++) {
            Ipv4 address = new Ipv4(count == 1 ? first : first + Math.floorMod(turn.getAndIncrement(), count));
            if (pool.offers(address)) {
                Lease lease = new Lease(network, container, position, address, address6(network, wish, address),
                        wish.mac(), ThreadLocalRandom.current().nextInt(FIRST_LINK, LAST_LINK), names);
                if (mayHave.test(lease)) {
                    return lease;
                }
            }
        }
        if (asked != null) {
            throw taken(network, name, asked);
        }
        throw new HostLacks("connect a container to '" + network.name() + "'",
                "all addresses of " + pool.range() + " are taken", network.isDefault()
                ? "remove containers, or set tiny.network.subnet to a larger one"
                : "remove containers, or make a larger network");
    }

    private static Conflict taken(Network network, String name, Object address) {
        return new Conflict("give '" + name + "' the address " + address + " of '" + network.name() + "'",
                "another container has it", "choose another one");
    }

    /** As far behind the first as the other one is, unless it was asked for. */
    private static @Nullable Ipv6 address6(Network network, Endpoint wish, Ipv4 address) {
        Pool6 pool6 = network.pool6();
        if (pool6 == null || wish.address6() != null) {
            return wish.address6();
        }
        Ipv6 same = pool6.subnet().first()
                .plus(Integer.toUnsignedLong(address.bits() - network.addresses().subnet().first().bits()));
        // Where the gateways are at different places, one address is left over.
        return pool6.offers(same) ? same : pool6.subnet().first().plus(Integer.toUnsignedLong(
                network.addresses().gateway().bits() - network.addresses().subnet().first().bits()));
    }

    private static void check(Network network, Endpoint wish) {
        Ipv4 address = wish.address();
        Ipv6 address6 = wish.address6();
        Pool6 pool6 = network.pool6();
        if (address != null && !network.asked()) {
            throw refused(network, address, "its subnet is the engine's choice, and may be another one tomorrow",
                    "create a network with --subnet for it");
        }
        if (address != null && !network.addresses().offers(address)) {
            throw refused(network, address, "it is none that a container can have of " + network.addresses().subnet(),
                    "choose another one");
        }
        if (address6 != null && (pool6 == null || !pool6.offers(address6))) {
            throw refused(network, address6, pool6 == null ? "the network has no IPv6"
                    : "it is none that a container can have of " + pool6.subnet(), "choose another one");
        }
    }

    private static InvalidRequest refused(Network network, Object address, String why, String hint) {
        return new InvalidRequest("use the address '" + address + "' in the network '" + network.name() + "'", why,
                hint);
    }
}
