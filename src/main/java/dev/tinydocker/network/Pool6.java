package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet6;

import java.util.List;
import java.util.stream.Stream;

/** The IPv6 addresses of a network. */
public record Pool6(Subnet6 subnet, Ipv6 gateway) {

    /** Room for every address that containers may have in IPv4. */
    private static final int NARROWEST = 96;
    private static final int WIDEST = 8;
    /** This host, those of IPv4, those of one link, and many hosts: RFC 4291. */
    private static final List<Subnet6> NOBODYS = Stream.of("::/8", "fe80::/10", "ff00::/8").map(Subnet6::parse)
            .toList();

    /** @throws IllegalArgumentException where these do not go together */
    public Pool6 {
        if (subnet.prefix() < WIDEST || subnet.prefix() > NARROWEST) {
            throw new IllegalArgumentException("the subnet " + subnet + " is larger than /" + WIDEST
                    + " or smaller than /" + NARROWEST);
        }
        if (!subnet.contains(gateway) || gateway.equals(subnet.first())) {
            throw new IllegalArgumentException("the gateway " + gateway + " is no host's address of " + subnet);
        }
    }

    /** With the first address for the gateway. */
    public static Pool6 of(Subnet6 subnet) {
        return new Pool6(subnet, subnet.first().plus(1));
    }

    /** Whether there is no address in it that no host can have for others. */
    boolean isOfHosts() {
        return NOBODYS.stream().noneMatch(subnet::overlaps);
    }

    boolean offers(Ipv6 address) {
        return subnet.contains(address) && !address.equals(subnet.first()) && !address.equals(gateway);
    }
}
