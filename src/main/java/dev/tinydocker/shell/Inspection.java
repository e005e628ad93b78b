package dev.tinydocker.shell;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerSpec;
import dev.tinydocker.container.Health;
import dev.tinydocker.container.Healthcheck;
import dev.tinydocker.container.Walls;
import dev.tinydocker.linux.Signal;
import dev.tinydocker.store.Layout;
import dev.tinydocker.volume.Mount;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import static dev.tinydocker.shell.Json.ordered;

/** A container as Docker's inspect tells it: its keys, as far as there is something to say. */
final class Inspection {

    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");
    private static final long NANOS_PER_MICRO = 1000;
    private static final long PERIODS_PER_SECOND = 1_000_000 / Limits.CPU_PERIOD_MICROS;

    private Inspection() {
    }

    static Map<String, Object> of(Container container, Walls walls, Layout layout) {
        ContainerSpec spec = container.spec();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Id", container.id());
        all.put("Created", container.createdAt().toString());
        all.put("Path", container.argv().getFirst());
        all.put("Args", container.argv().subList(1, container.argv().size()));
        all.put("State", state(container));
        all.put("Image", container.image());
        all.put("LogPath", layout.logFile(container.id()).toString());
        all.put("Name", "/" + container.name());
        all.put("RestartCount", 0);
        all.put("Driver", "overlay");
        all.put("Platform", "linux");
        all.put("MountLabel", walls.labels().files());
        all.put("ProcessLabel", walls.labels().process());
        all.put("AppArmorProfile", walls.appArmor());
        Map<String, Object> host = hostConfig(spec);
        host.putAll(NetworkInspection.hostConfig(spec.network()));
        host.putAll(WallInspection.hostConfig(spec, walls));
        all.put("HostConfig", host);
        all.put("Walls", WallInspection.inForce(spec, walls));
        all.put("Mounts", mounts(container, layout));
        all.put("Config", config(container));
        return all;
    }

    private static Map<String, Object> state(Container container) {
        String status = PsRow.state(container);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("Status", status);
        state.put("Running", status.equals("running"));
        state.put("Paused", false);
        state.put("Restarting", false);
        state.put("OOMKilled", container.oomKilled());
        state.put("Dead", status.equals("dead"));
        state.put("Pid", container.pid() == null ? 0 : container.pid());
        state.put("ExitCode", container.exitCode() == null ? 0 : container.exitCode());
        state.put("Error", container.error() == null ? "" : container.error());
        state.put("StartedAt", time(container.startedAt()));
        state.put("FinishedAt", time(container.finishedAt()));
        Health health = container.health();
        if (health != null) {
            state.put("Health", ordered("Status", health.status().word(), "FailingStreak", health.streak(), "Log",
                    health.results().stream().map(Inspection::result).toList()));
        }
        return state;
    }

    private static Map<String, Object> result(Health.Result result) {
        return ordered("Start", result.start().toString(), "End", result.end().toString(), "ExitCode",
                result.exitCode(), "Output", result.output());
    }

    private static String time(@Nullable Instant time) {
        return (time == null ? NEVER : time).toString();
    }

    private static Map<String, Object> hostConfig(ContainerSpec spec) {
        Limits limits = spec.limits();
        Map<String, Object> config = new LinkedHashMap<>();
        Map<String, Object> log = ordered("max-size", Long.toString(spec.log().maxBytes()),
                "max-file", Integer.toString(spec.log().maxFiles()));
        config.put("Binds", orNull(spec.mounts().stream().flatMap(Inspection::bind).toList()));
        config.put("RestartPolicy", ordered("Name", "no", "MaximumRetryCount", 0));
        config.put("LogConfig", ordered("Type", "cri", "Config", log));
        config.put("NetworkMode", spec.network().endpoints().isEmpty()
                ? spec.network().mode().name().toLowerCase(Locale.ROOT)
                : spec.network().endpoints().getFirst().network());
        config.put("AutoRemove", spec.autoRemove());
        config.put("ReadonlyRootfs", spec.readOnly());
        config.put("Init", spec.init());
        config.put("UsernsMode", spec.usersOrHost().word());
        config.put("OomScoreAdj", spec.oomScoreAdjustment());
        config.put("Memory", orZero(limits.memoryBytes()));
        config.put("MemorySwap", limits.memorySwapBytes() == null ? 2 * orZero(limits.memoryBytes())
                : limits.memorySwapBytes());
        config.put("NanoCpus", orZero(limits.cpuMicros()) * NANOS_PER_MICRO * PERIODS_PER_SECOND);
        config.put("CpuShares", orZero(limits.cpuShares()));
        config.put("CpusetCpus", limits.cpus() == null ? "" : limits.cpus());
        config.put("PidsLimit", limits.pids());
        config.put("CapAdd", orNull(spec.security().capAdd()));
        config.put("CapDrop", orNull(spec.security().capDrop()));
        config.put("SecurityOpt", orNull(spec.security().options()));
        config.put("Privileged", spec.security().privileged());
        config.put("Ulimits", spec.resourceLimits().stream()
                .map(limit -> ordered("Name", limit.name(), "Hard", limit.hard(), "Soft", limit.soft())).toList());
        return config;
    }

    private static @Nullable List<String> orNull(List<String> words) {
        return words.isEmpty() ? null : words;
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static List<Map<String, Object>> mounts(Container container, Layout layout) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        container.spec().mounts().forEach(mount -> mounts.add(mount(mount)));
        // Its source is what was written to it; what the image has there is in the image.
        layout.volumeUppers(container.id(), container.spec().volumes()).forEach((target, upper) ->
                mounts.add(ordered("Type", "volume", "Name", "", "Source", upper.toString(), "Destination", target,
                        "Driver", "overlay", "Mode", "", "RW", true, "Propagation", "")));
        return mounts;
    }

    /** As {@code -v} would have it. */
    private static Stream<String> bind(Mount mount) {
        return mount instanceof Mount.Bind bind
                ? Stream.of(PsRow.source(bind) + ":" + bind.target() + (bind.readOnly() ? ":ro" : "")) : Stream.of();
    }

    private static Map<String, Object> mount(Mount mount) {
        return switch (mount) {
            case Mount.Bind bind when bind.volume() != null -> ordered("Type", "volume", "Name", bind.volume().name(),
                    "Source", bind.source(), "Destination", bind.target(), "Driver", "local",
                    "Mode", bind.readOnly() ? "ro" : "", "RW", !bind.readOnly(), "Propagation", "");
            case Mount.Bind bind -> ordered("Type", "bind", "Source", bind.source(), "Destination", bind.target(),
                    "Mode", bind.readOnly() ? "ro" : "", "RW", !bind.readOnly(), "Propagation", bind.propagation());
            case Mount.Tmpfs tmpfs -> ordered("Type", "tmpfs", "Source", "", "Destination", tmpfs.target(),
                    "Mode", tmpfs.readOnly() ? "ro" : "", "RW", !tmpfs.readOnly(), "Propagation", "");
        };
    }

    private static Map<String, Object> config(Container container) {
        ContainerSpec spec = container.spec();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("Hostname", spec.hostname() == null ? container.shortId() : spec.hostname());
        config.put("User", spec.user() == null ? "" : spec.user());
        config.put("ExposedPorts", NetworkInspection.exposed(spec.network()));
        config.put("AttachStdin", spec.stdinOnce());
        config.put("Tty", spec.tty());
        config.put("OpenStdin", spec.openStdin());
        config.put("StdinOnce", spec.stdinOnce());
        config.put("Env", spec.environment().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue()).toList());
        config.put("Cmd", spec.command());
        config.put("Image", container.image());
        config.put("WorkingDir", spec.workingDirectory() == null ? "" : spec.workingDirectory());
        config.put("Entrypoint", spec.entrypoint());
        config.put("Labels", spec.labels());
        config.put("StopSignal", Signal.name(spec.stopSignalOrDefault()));
        config.put("StopTimeout", spec.stopTimeoutSeconds());
        Healthcheck check = spec.health();
        if (check != null) {
            config.put("Healthcheck", ordered("Test", check.test(), "Interval", check.interval(), "Timeout",
                    check.timeout(), "StartPeriod", check.startPeriod(), "StartInterval", check.startInterval(),
                    "Retries", check.retries()));
        }
        return config;
    }
}
