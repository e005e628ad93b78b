package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.network.names.Asker;
import dev.tinydocker.network.names.Directory;
import org.springframework.stereotype.Component;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What containers are called on the networks that have names: all bridges that users made. A name of each kind is found
 * as it is, and with the network's name behind a dot. Containers of the default network are known as askers only.
 */
@Component
class NetworkNames implements Directory {

    private static final int PORT = 53;
    private static final int SHORT_ID = 12;

    private final Map<String, Member> members = new HashMap<>();
    private final Map<Long, Names> networks = new HashMap<>();

    /** A container: all that it has of networks, and whom it asked to be asked for other names. */
    private record Member(List<Lease> leases, List<InetSocketAddress> servers) {
    }

    /** Of one network. */
    private record Names(Network network, Map<String, List<Lease>> names, Map<InetAddress, Lease> addresses) {
    }

    /** Whether containers of a network find each other by name. */
    static boolean has(Network network) {
        return network.driver() == Driver.BRIDGE && !network.isDefault();
    }

    /** The address that is asked in a network. */
    static InetAddress server(Network network) {
        return inet(network.addresses().gateway());
    }

    /**
     * A container is to be found from now on; asked again with other leases, by these only.
     *
     * @param servers whom to ask for names that are not containers'; nobody in particular where there are none
     */
    synchronized void join(String container, List<Lease> leases, List<String> servers) {
        leave(container);
        if (leases.stream().anyMatch(NetworkNames::asks)) {
            add(container, new Member(leases, servers.stream().flatMap(NetworkNames::server).toList()));
        }
    }

    private void add(String container, Member member) {
        members.put(container, member);
        member.leases.stream().filter(NetworkNames::asks).forEach(this::add);
    }

    /** Whether it is a place from where this host can be asked. */
    private static boolean asks(Lease lease) {
        return lease.network().driver() == Driver.BRIDGE;
    }

    /** None for an address of a zone that this host does not have. */
    private static Stream<InetSocketAddress> server(String address) {
        try {
            return Stream.of(new InetSocketAddress(InetAddress.ofLiteral(address), PORT));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    private void add(Lease lease) {
        Names here = networks.computeIfAbsent(lease.network().number(),
                _ -> new Names(lease.network(), new HashMap<>(), new HashMap<>()));
        called(lease).forEach(name -> here.names.computeIfAbsent(name, _ -> new ArrayList<>()).add(lease));
        addresses(lease).forEach(address -> here.addresses.put(address, lease));
    }

    /** A container is to be found by these leases only. */
    synchronized void stay(String container, List<Lease> leases) {
        Member member = members.get(container);
        if (member != null) {
            leave(container);
            add(container, new Member(leases, member.servers));
        }
    }

    /** A container is not to be found any more. */
    synchronized void leave(String container) {
        Member member = members.remove(container);
        if (member == null) {
            return;
        }
        for (Lease lease : member.leases) {
            Names here = networks.get(lease.network().number());
            if (here != null) {
                called(lease).forEach(name -> here.names.computeIfPresent(name, (_, called) -> {
                    called.remove(lease);
                    return called.isEmpty() ? null : called;
                }));
                addresses(lease).forEach(here.addresses::remove);
                if (here.addresses.isEmpty()) {
                    networks.remove(lease.network().number());
                }
            }
        }
    }

    @Override
    public synchronized Optional<Asker> asker(InetAddress server, InetAddress from) {
        Names here = networks.values().stream().filter(each -> server(each.network).equals(server)).findFirst()
                .orElse(null);
        if (here == null) {
            return Optional.empty();
        }
        if (from.equals(server)) {
            return Optional.of(new Asker(List.of(here.network.number()), true, List.of()));
        }
        Lease lease = here.addresses.get(from);
        Member member = lease == null ? null : members.get(lease.container());
        return member == null ? Optional.empty() : Optional.of(new Asker(
                member.leases.stream().map(each -> each.network().number()).toList(),
                member.leases.stream().anyMatch(each -> !each.network().internal()), member.servers));
    }

    @Override
    public synchronized List<InetAddress> addresses(Asker asker, String name) {
        List<InetAddress> found = new ArrayList<>();
        int dot = name.lastIndexOf('.');
        for (Names here : inSight(asker)) {
            List<Lease> leases = here.names.getOrDefault(name, List.of());
            if (leases.isEmpty() && name.substring(dot + 1).equals(here.network.name().toLowerCase(Locale.ROOT))) {
                leases = here.names.getOrDefault(name.substring(0, Math.max(dot, 0)), List.of());
            }
            leases.forEach(lease -> found.addAll(addresses(lease)));
        }
        return found;
    }

    @Override
    public synchronized Optional<String> name(Asker asker, InetAddress address) {
        return inSight(asker).stream().filter(here -> has(here.network)).map(here -> here.addresses.get(address))
                .filter(Objects::nonNull).findFirst().map(lease -> lease.name() + "." + lease.network().name());
    }

    @Override
    public synchronized boolean isInside(Asker asker, InetAddress address) {
        return inSight(asker).stream().map(Names::network).anyMatch(network -> contains(network, address));
    }

    private List<Names> inSight(Asker asker) {
        return asker.networks().stream().map(networks::get).filter(Objects::nonNull).toList();
    }

    private static boolean contains(Network network, InetAddress address) {
        Pool6 pool6 = network.pool6();
        return address instanceof Inet4Address
                ? network.addresses().subnet().contains(Ipv4.parse(address.getHostAddress()))
                : pool6 != null && pool6.subnet().contains(Ipv6.parse(address.getHostAddress()));
    }

    /** All that a container is called, in lower case. */
    private static Collection<String> called(Lease lease) {
        if (!has(lease.network())) {
            return List.of();
        }
        return Stream.concat(lease.names().stream(), Stream.of(lease.container().substring(0, SHORT_ID)))
                .map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
    }

    private static List<InetAddress> addresses(Lease lease) {
        return lease.address6() == null ? List.of(inet(lease.address()))
                : List.of(inet(lease.address()), inet(lease.address6()));
    }

    private static InetAddress inet(Object address) {
        return InetAddress.ofLiteral(address.toString());
    }
}
