package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A network as tests need one: {@code 10.1.0.0/16} on the bridge {@code tiny0}. */
final class SampleNetwork {

    static final Network NETWORK = of("back", false);

    private SampleNetwork() {
    }

    static Network of(String name, boolean internal) {
        return new Network(7, "a".repeat(64), name, Driver.BRIDGE, "tiny0", true, Pool.of(Subnet.parse("10.1.0.0/16")),
                null, internal, Map.of(), Map.of(), Instant.EPOCH);
    }

    static Lease lease(String name, String address) {
        return new Lease(NETWORK, "c", 0, Ipv4.parse(address), null, null, 0x123_4567, List.of(name));
    }
}
