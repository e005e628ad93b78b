package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;

import java.util.List;
import java.util.stream.Stream;

/**
 * The IPv4 addresses of a network.
 *
 * @param gateway the way to everywhere else: on a bridge the host's own address
 * @param range those that containers are given unless they ask for one
 */
public record Pool(Subnet subnet, Ipv4 gateway, Subnet range) {

    private static final int WIDEST = 8;
    private static final int NARROWEST = 30;
    /** This host, its lo, and many hosts: RFC 6890. */
    private static final List<Subnet> NOBODYS = Stream.of("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4")
            .map(Subnet::parse).toList();

    /** @throws IllegalArgumentException where these do not go together */
    public Pool {
        if (subnet.prefix() < WIDEST || subnet.prefix() > NARROWEST) {
            throw new IllegalArgumentException("the subnet " + subnet + " is larger than /" + WIDEST
                    + " or smaller than /" + NARROWEST);
        }
        if (!hosts(subnet, gateway)) {
            throw new IllegalArgumentException("the gateway " + gateway + " is no host's address of " + subnet);
        }
        if (range.prefix() < subnet.prefix() || !subnet.contains(range.first())) {
            throw new IllegalArgumentException("the range " + range + " is not in " + subnet);
        }
    }

    /** With the first address for the gateway. */
    public static Pool of(Subnet subnet) {
        return new Pool(subnet, subnet.first().plus(1), subnet);
    }

    /** Whether there is no address in it that no host can have for others. */
    static boolean isOfHosts(Subnet subnet) {
        return NOBODYS.stream().noneMatch(subnet::overlaps);
    }

    /** Whether a container may have that address, if nobody has it. */
    boolean offers(Ipv4 address) {
        return hosts(subnet, address) && !address.equals(gateway);
    }

    private static boolean hosts(Subnet subnet, Ipv4 address) {
        return subnet.contains(address) && !address.equals(subnet.first()) && !address.equals(subnet.broadcast());
    }
}
