package dev.tinydocker.container;

import org.springframework.stereotype.Component;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The containers that run, or are being cleaned up, in this engine's memory; what the kernel knows is not kept here.
 */
@Component
class LiveContainers {

    private final Map<String, Live> byId = new ConcurrentHashMap<>();

    void add(Live live) {
        byId.put(live.id, live);
    }

    void remove(Live live) {
        byId.remove(live.id, live);
    }

    /** Empty where it does not run, and nothing of it is being cleaned up. */
    Optional<Live> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<Live> all() {
        return byId.values();
    }
}
