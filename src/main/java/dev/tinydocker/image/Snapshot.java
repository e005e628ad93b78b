package dev.tinydocker.image;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container that is to become an image: what it runs with, and what it has written.
 *
 * @param container as people know it
 * @param base the id of the image it was made from; null where it was made from none, and the layer is all its files
 * @param layer null where it has changed nothing
 * @param environment {@code NAME=value}
 * @param exposed ports that it listens on, as in {@code 80/tcp}
 * @param health how it is looked at; null for not at all, whatever the base says
 * @param stopSignal as in {@code SIGTERM}; null where nobody has said any
 */
public record Snapshot(String container, @Nullable String base, @Nullable Packing layer, List<String> entrypoint,
        List<String> command, List<String> environment, @Nullable String user, @Nullable String workingDirectory,
        Map<String, String> labels, List<String> exposed, @Nullable String stopSignal,
        ImageConfig.@Nullable Healthcheck health) {

    /** Writes a layer as a tar archive; interrupted, it ends. */
    public interface Packing {
        void pack(OutputStream tar) throws IOException;
    }

    public Snapshot {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        exposed = List.copyOf(exposed);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** What a user says of the new image. */
    public record Words(@Nullable Reference name, Changes changes, String author, String message) {
    }
}
