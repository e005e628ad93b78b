package dev.tinydocker.container;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.network.NetworkMode;
import dev.tinydocker.security.ResourceLimit;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * What a user asked a container to be; kept with it as JSON. Null and empty mean "not asked".
 *
 * @param rootfs {@code --rootfs}: an absolute directory, null where {@code image} names an entry of the catalogue
 * @param image a catalogue name as in {@code busybox}, null where {@code rootfs} is given
 * @param command the words after the image
 * @param entrypoint {@code --entrypoint}; null keeps the image's, an empty list clears it
 * @param environment in the order given, values resolved
 * @param stopSignal as Linux numbers it
 * @param stopTimeoutSeconds -1 waits for ever
 * @param stdinOnce standard input ends with the first client that had it
 */
public record ContainerSpec(@Nullable String name, @Nullable String rootfs, @Nullable String image,
        List<String> command,
        @Nullable List<String> entrypoint, Map<String, String> environment, @Nullable String workingDirectory,
        @Nullable String user, @Nullable String hostname, List<Mount> mounts, boolean readOnly, Limits limits,
        List<ResourceLimit> resourceLimits, int stopSignal, int stopTimeoutSeconds, boolean init, NetworkMode network,
        Map<String, String> labels, int oomScoreAdjustment, boolean tty, boolean openStdin, boolean stdinOnce,
        boolean autoRemove, LogSettings log) {
}
