package dev.tinydocker.container;

import dev.tinydocker.network.PublishedPort;
import dev.tinydocker.rootfs.Rootfs;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container starts from: files, and what their maker meant to be done with them. A user's wish goes before all
 * of it, {@link ContainerSpec#on}.
 *
 * @param imageId the image's, null where the files are of no image
 * @param environment {@code NAME=value}
 * @param volumes directories that are to be written to apart from the root
 * @param stopSignal as Linux numbers it
 */
record Base(Rootfs root, @Nullable String imageId, List<String> entrypoint, List<String> command,
        List<String> environment, List<String> volumes, @Nullable String user, @Nullable String workingDirectory,
        @Nullable Integer stopSignal, Map<String, String> labels, @Nullable Healthcheck health,
        List<PublishedPort> exposed) {

    /** Files that nobody has said more of than the catalogue does. */
    static Base of(Rootfs root) {
        return new Base(root, null, List.of(), root.command(), root.environment(), List.of(), null, null, null,
                Map.of(), null, List.of());
    }

    /** The environment by name; of two values the later one, and a line without a value is an empty one. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : environment) {
            int equals = line.indexOf('=');
            variables.put(equals < 0 ? line : line.substring(0, equals), equals < 0 ? "" : line.substring(equals + 1));
        }
        return variables;
    }
}
