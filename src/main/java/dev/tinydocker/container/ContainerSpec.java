package dev.tinydocker.container;

import dev.tinydocker.cgroup.Devices;
import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.security.ResourceLimit;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a user asked a container to be; kept with it as JSON. Null and empty mean "not asked".
 *
 * @param rootfs {@code --rootfs}: an absolute directory, null where {@code image} is given
 * @param image the name of an image, or of an entry of the catalogue as in {@code busybox}; null where {@code rootfs}
 *     is given
 * @param imageId what the image was when the container was made, null where there is none
 * @param pull null is {@link PullPolicy#MISSING}
 * @param platform {@code --platform}, as in {@code linux/arm64}; null is this machine's
 * @param command the words after the image
 * @param entrypoint {@code --entrypoint}; null keeps the image's, an empty list clears it
 * @param environment in the order given, values resolved
 * @param volumes places with a writable layer of their own, over what the image has there
 * @param stopSignal as Linux numbers it
 * @param stopTimeoutSeconds -1 waits for ever
 * @param oomScoreAdjustment {@code --oom-score-adj}, -1000 to 1000; 0 is the engine's own
 * @param stdinOnce standard input ends with the first client that had it
 * @param health null for no check
 * @param users null, of a container that was made when there was no choice, are the host's
 * @param sysctls {@code --sysctl}; null, of a container that was made when it was not asked for, is none
 * @param devices null for the usual ones
 * @param shmBytes {@code --shm-size}: how much its /dev/shm takes, null for 64 MiB
 */
public record ContainerSpec(@Nullable String name, @Nullable String rootfs, @Nullable String image,
        @Nullable String imageId, @Nullable PullPolicy pull, @Nullable String platform, List<String> command,
        @Nullable List<String> entrypoint, Map<String, String> environment,
        @Nullable String workingDirectory, @Nullable String user, @Nullable String hostname, List<Mount> mounts,
        List<String> volumes, boolean readOnly, Limits limits, List<ResourceLimit> resourceLimits,
        @Nullable Integer stopSignal, int stopTimeoutSeconds, boolean init, NetworkWish network,
        Map<String, String> labels, int oomScoreAdjustment, boolean tty, boolean openStdin, boolean stdinOnce,
        boolean autoRemove, LogSettings log, @Nullable Healthcheck health, SecurityWish security,
        @Nullable Users users, @Nullable Map<String, String> sysctls, @Nullable Devices devices,
        @Nullable Long shmBytes) {

    private static final long SHM_BYTES = 64L << 20;

    /**
     * The same wish with what its image says wherever nothing was asked; an entrypoint takes the image's command away.
     */
    ContainerSpec on(Base base) {
        Map<String, String> variables = base.variables();
        variables.putAll(environment);
        Map<String, String> allLabels = new LinkedHashMap<>(base.labels());
        allLabels.putAll(labels);
        return new ContainerSpec(name, rootfs, image, base.imageId(), pull, platform,
                command.isEmpty() && entrypoint == null ? base.command() : command,
                entrypoint == null ? base.entrypoint() : entrypoint, variables,
                workingDirectory == null ? base.workingDirectory() : workingDirectory,
                user == null ? base.user() : user, hostname, mounts,
                Stream.concat(base.volumes().stream(), volumes.stream()).distinct().filter(this::isNotMounted).toList(),
                readOnly, limits, resourceLimits,
                stopSignal == null ? base.stopSignal() : stopSignal, stopTimeoutSeconds, init,
                network.exposing(base.exposed()), allLabels, oomScoreAdjustment, tty, openStdin, stdinOnce, autoRemove,
                log, Healthcheck.merged(health, base.health()), security.on(allLabels), users, sysctls, devices,
                shmBytes);
    }

    private boolean isNotMounted(String target) {
        return mounts.stream().noneMatch(mount -> mount.target().equals(target));
    }

    /** The same wish, for what is here. */
    ContainerSpec pulled() {
        return but(PullPolicy.NEVER, mounts, limits, network, users);
    }

    /** The same wish, with mounts whose places are known. */
    ContainerSpec placed(List<Mount> known) {
        return but(pull, known, limits, network, users);
    }

    /** The same wish in other networks. */
    ContainerSpec with(NetworkWish networks) {
        return but(pull, mounts, limits, networks, users);
    }

    /** The same wish, with users that were chosen. */
    ContainerSpec with(Users chosen) {
        return but(pull, mounts, limits, network, chosen);
    }

    /** The same wish, with limits that are in force. */
    ContainerSpec with(Limits inForce) {
        return but(pull, mounts, inForce, network, users);
    }

    /** All that changes between a wish and what is on record. */
    private ContainerSpec but(@Nullable PullPolicy policy, List<Mount> placed, Limits inForce, NetworkWish networks,
            @Nullable Users chosen) {
        return new ContainerSpec(name, rootfs, image, imageId, policy, platform, command, entrypoint, environment,
                workingDirectory, user, hostname, placed, volumes, readOnly, inForce, resourceLimits, stopSignal,
                stopTimeoutSeconds, init, networks, labels, oomScoreAdjustment, tty, openStdin, stdinOnce, autoRemove,
                log, health, security, chosen, sysctls, devices, shmBytes);
    }

    /** How much its /dev/shm takes. */
    public long shmBytesOrUsual() {
        return shmBytes == null ? SHM_BYTES : shmBytes;
    }

    /** What it is given of this host's devices. */
    public Devices devicesOrUsual() {
        return devices == null ? Devices.USUAL : devices;
    }

    /** Whose users those in it are. */
    public Users usersOrHost() {
        return users == null ? Users.HOST : users;
    }

    /** Settings of the kernel that are its own, by their names. */
    public Map<String, String> sysctlsOrNone() {
        return sysctls == null ? Map.of() : sysctls;
    }

    /** Its entrypoint and the words after that. */
    List<String> argv() {
        return Stream.concat(entrypoint == null ? Stream.of() : entrypoint.stream(), command.stream()).toList();
    }

    /** What asks it to end: SIGTERM where neither the user nor the image says more. */
    public int stopSignalOrDefault() {
        return stopSignal == null ? Signal.SIGTERM : stopSignal;
    }
}
