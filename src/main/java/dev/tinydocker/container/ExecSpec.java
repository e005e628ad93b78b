package dev.tinydocker.container;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * What {@code exec} was asked: a further process in a running container. Null means "as the container".
 *
 * @param privileged it gets every capability
 */
public record ExecSpec(List<String> command, Map<String, String> environment, @Nullable String workingDirectory,
        @Nullable String user, boolean tty, boolean openStdin, boolean privileged) {
}
