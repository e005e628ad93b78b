package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.problem.HostLacks;
import org.springframework.stereotype.Component;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives addresses of a network out. They go round: one that was given back is used again as late as can be. */
@Component
class Addresses {

    /** Numbers of links: above those that the kernel gives, which count from 1. */
    private static final int FIRST_LINK = 1 << 24;
    private static final int LAST_LINK = 1 << 30;

    private final NetworkRecord record;
    private final AtomicInteger next = new AtomicInteger();

    Addresses(NetworkRecord record) {
        this.record = record;
    }

    /** An address that nobody has, on record from now on. @throws HostLacks where all are taken */
    Lease take(Network network, String container) {
        int first = network.gateway().bits() + 1;
        int count = network.subnet().broadcast().bits() - first;
        for (int attempt = 0; attempt <= count; attempt++) {
            Ipv4 address = new Ipv4(first + Math.floorMod(next.getAndIncrement(), count));
            Lease lease = new Lease(container, network.subnet(), network.gateway(), address,
                    ThreadLocalRandom.current().nextInt(FIRST_LINK, LAST_LINK));
            if (record.lease(network, lease)) {
                return lease;
            }
        }
        throw new HostLacks("connect a container to '" + network.name() + "'",
                "all " + count + " addresses of " + network.subnet() + " are taken",
                "remove containers, or set tiny.network.subnet to a larger one");
    }
}
