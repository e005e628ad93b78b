package dev.tinydocker.network;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network as it stands in the record.
 *
 * @param number for references in the record
 * @param id 64 hexadecimal digits
 * @param link the name of the bridge that joins its containers, which is also the host's foot in it; of no meaning for
 *            other drivers
 * @param asked the subnet is what a user asked for: no other takes its place
 * @param pool null before one was chosen, and where there are no links
 * @param pool6 null without IPv6
 * @param internal there is no way out
 * @param options {@code -o}
 */
public record Network(long number, String id, String name, Driver driver, String link, boolean asked,
        @Nullable Pool pool, @Nullable Pool6 pool6, boolean internal, Map<String, String> options,
        Map<String, String> labels, Instant createdAt) {

    /** What a container is connected to that asked for nothing else. */
    public static final String DEFAULT = "isolated";
    /** What Docker calls that. */
    private static final List<String> ALSO_DEFAULT = List.of("bridge", "default");

    /** What is called so here, where Docker has another name for it. */
    public static String nameOf(String word) {
        return ALSO_DEFAULT.contains(word) ? DEFAULT : word;
    }

    /** The first 12 digits, as people are shown it. */
    public String shortId() {
        return id.substring(0, 12);
    }

    /** Whether it was there before any user made one, and stays. */
    public boolean isBuiltIn() {
        return name.equals(DEFAULT) || driver == Driver.HOST || driver == Driver.NONE && name.equals("none");
    }

    boolean isDefault() {
        return name.equals(DEFAULT);
    }

    /** Its addresses; only for one that containers have addresses of, or a link on this host. */
    Pool addresses() {
        return Objects.requireNonNull(pool);
    }

    /** The same with other addresses, and a bridge of that name. */
    Network with(String bridge, boolean isAsked, Pool chosen) {
        return new Network(number, id, name, driver, bridge, isAsked, chosen, pool6, internal, options, labels,
                createdAt);
    }
}
