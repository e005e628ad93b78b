package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import org.jspecify.annotations.Nullable;

/** A published port, and where what comes to it is sent. @param address6 null without IPv6 */
record Forward(PublishedPort port, String container, Ipv4 address, @Nullable Ipv6 address6) {

    /** Whether what comes to it by IPv6 is sent on too. */
    boolean isDual() {
        return address6 != null && port.address().equals(Ipv4.ANY);
    }
}
