package dev.tinydocker.container;

import dev.tinydocker.network.NetworkUsers;
import org.springframework.stereotype.Component;

/** The containers that have addresses and ports; those that have ended are about to give them back. */
@Component
class UsedNetworks implements NetworkUsers {

    private final LiveContainers containers;

    UsedNetworks(LiveContainers containers) {
        this.containers = containers;
    }

    @Override
    public void awaitEnded(String container) {
        containers.find(container).filter(live -> live.exited.isDone()).ifPresent(live -> live.cleaned.join());
    }
}
