package dev.tinydocker.network;

import dev.tinydocker.problem.Conflict;
import dev.tinydocker.problem.HostLacks;
import dev.tinydocker.problem.InvalidRequest;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;

/** What a container would have of its networks if it were started now: nothing of it is taken, and nothing is made. */
@Component
public class NextLeases {

    private final Networks networks;
    private final LiveNetworks live;
    private final Addresses addresses;
    private final NetworkThread thread;

    NextLeases(Networks networks, LiveNetworks live, Addresses addresses, NetworkThread thread) {
        this.networks = networks;
        this.live = live;
        this.addresses = addresses;
        this.thread = thread;
    }

    /**
     * What {@link NetworkService#lease} would take of the same.
     *
     * @throws InvalidRequest where a start would be refused for what was asked for
     * @throws Conflict where another container has it
     * @throws HostLacks where no address is left
     */
    public List<Lease> of(String container, List<String> called, NetworkWish wish) {
        List<Lease> leases = new ArrayList<>();
        if (wish.mode().isConnected()) {
            for (Endpoint endpoint : wish.endpoints()) {
                Network network = networks.find(endpoint.network());
                if (network.driver().hasLinks()) {
                    leases.add(addresses.foreseen(thread.call(() -> live.foreseen(network)), container, called,
                            leases.size(), endpoint));
                }
            }
            wish.published().forEach(port -> NetworkService.reachable(port, leases));
        }
        return leases;
    }
}
