package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import org.jspecify.annotations.Nullable;

/** A published port, and where what comes to it is sent. @param address6 null without IPv6 */
record Forward(PublishedPort port, String container, Ipv4 address, @Nullable Ipv6 address6) {

    /** Whether the packet filter sends on what comes: the container has an address of that kind, and it is not ::1. */
    boolean leads() {
        return !port.isOfIpv6() || address6 != null && !Ipv6.LOOPBACK.equals(port.address6());
    }

    /** The address that it leads to, of the kind that the port is of. */
    Object inside() {
        return port.isOfIpv6() && address6 != null ? address6 : address;
    }

    /** The same in the order of the network. */
    byte[] bytes() {
        return port.isOfIpv6() && address6 != null ? address6.bytes() : address.bytes();
    }
}
