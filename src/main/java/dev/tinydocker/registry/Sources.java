package dev.tinydocker.registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where content is asked for. A mirror that has failed is left alone for a while: nobody waits for it with every layer.
 */
final class Sources {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final long REST = Duration.ofMinutes(1).toNanos();

    private final RegistrySettings settings;
    private final Map<URI, Long> failed = new ConcurrentHashMap<>();

    Sources(RegistrySettings settings) {
        this.settings = settings;
    }

    /** The mirrors that are worth asking, and the registry itself at the end. */
    List<Endpoint> of(String registry) {
        long now = System.nanoTime();
        failed.values().removeIf(since -> now - since > REST);
        return settings.sources(registry).stream()
                .filter(endpoint -> !endpoint.mirror() || !failed.containsKey(endpoint.base())).toList();
    }

    /**
     * What was asked for is asked for at the next place.
     *
     * @param broken whether the mirror itself is at fault, and does not merely lack something
     */
    void passedOver(Endpoint mirror, String why, boolean broken) {
        LOG.info("the mirror '{}' is passed over: {}", mirror.base(), why);
        if (broken) {
            failed.put(mirror.base(), System.nanoTime());
        }
    }

    /** Leaves the mirrors of a repository alone for a while; false where there is none to be asked. */
    boolean mistrust(Repository repository) {
        List<Endpoint> mirrors = of(repository.registry()).stream().filter(Endpoint::mirror).toList();
        mirrors.forEach(mirror -> passedOver(mirror, "what came of '" + repository + "' is not what its digest says",
                true));
        return !mirrors.isEmpty();
    }
}
