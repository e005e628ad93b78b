package dev.tinydocker.volume;

import java.time.Instant;
import java.util.Map;

/**
 * A directory that outlives the containers which write to it.
 *
 * @param anonymous nobody has named it
 */
public record Volume(String name, boolean anonymous, Map<String, String> labels, Instant createdAt) {

    public Volume {
        labels = Map.copyOf(labels);
    }
}
