package dev.tinydocker.web;

import dev.tinydocker.cgroup.Usage;
import dev.tinydocker.container.Container;
import dev.tinydocker.container.ContainerService;
import dev.tinydocker.container.Figures;
import dev.tinydocker.container.Sampler;
import dev.tinydocker.linux.HostCpu;
import dev.tinydocker.linux.HostMemory;
import dev.tinydocker.linux.NetworkInterface;
import dev.tinydocker.problem.Printable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * All containers with their figures, as counters: who asks twice can tell a rate. However many ask, the kernel is asked
 * a few times a second at most.
 */
@Component
final class ContainerList {

    private static final Duration FRESH = Duration.ofMillis(400);
    private static final int LONGEST_COMMAND = 300;

    private final ObjectProvider<Sampler> sampler;
    private final ObjectProvider<ContainerService> containers;
    private @Nullable Look latest;
    private long lookedAt;

    ContainerList(ObjectProvider<Sampler> sampler, ObjectProvider<ContainerService> containers) {
        this.sampler = sampler;
        this.containers = containers;
    }

    private record Look(long cpuNanos, List<Figures> running, List<Container> all) {
    }

    /** @param trusted whether the reader has the token */
    record Page(boolean trusted, Host host, List<Row> containers) {
    }

    /** @param cpuNanos the time of all processors together, used or not */
    record Host(int processors, long memoryBytes, long cpuNanos) {
    }

    /** @param startedAt in milliseconds since the epoch, as all times */
    record Row(String id, String name, String image, String state, @Nullable Long startedAt, @Nullable Use use,
            @Nullable More more) {
    }

    /** What a running container has used until now, and uses. */
    record Use(long cpuNanos, long throttledNanos, long memoryBytes, @Nullable Long memoryLimitBytes,
            long receivedBytes, long sentBytes, long readBytes, long writtenBytes, long threads,
            @Nullable Long threadsLimit, long descriptors, long oomKills) {
    }

    /** What only those with the token are told. */
    record More(String command, long createdAt, @Nullable Long finishedAt, @Nullable Integer exitCode,
            boolean oomKilled, @Nullable String health, @Nullable String error) {
    }

    Answer answer(boolean trusted) {
        Look look = look();
        Map<String, Figures> figures = look.running.stream().collect(Collectors.toMap(Figures::id,
                Function.identity(), (one, _) -> one));
        List<Row> rows = new ArrayList<>();
        if (trusted) {
            look.all.forEach(container -> rows.add(row(container, figures.get(container.id()))));
        } else {
            look.running.forEach(running -> rows.add(new Row(running.id(), Printable.line(running.name()),
                    Printable.line(running.image()), "running", running.startedAt().toEpochMilli(), use(running),
                    null)));
        }
        return Answer.json(new Page(trusted, new Host(HostCpu.count(),
                HostMemory.read().total(), look.cpuNanos), rows));
    }

    private synchronized Look look() {
        Look known = latest;
        long now = System.nanoTime();
        if (known == null || now - lookedAt >= FRESH.toNanos()) {
            known = new Look(HostCpu.nanos(), sampler.getObject().all(), containers.getObject().list());
            latest = known;
            lookedAt = now;
        }
        return known;
    }

    private static Row row(Container container, @Nullable Figures figures) {
        return new Row(container.id(), Printable.line(container.name()), Printable.line(container.image()),
                container.state().name().toLowerCase(Locale.ROOT),
                container.startedAt() == null ? null : container.startedAt().toEpochMilli(),
                figures == null ? null : use(figures), more(container));
    }

    private static More more(Container container) {
        String command = Printable.line(String.join(" ", container.argv()));
        return new More(command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) + "…" : command,
                container.createdAt().toEpochMilli(),
                container.finishedAt() == null ? null : container.finishedAt().toEpochMilli(), container.exitCode(),
                container.oomKilled(), container.health() == null ? null : container.health().status().word(),
                container.error() == null ? null : Printable.line(container.error()));
    }

    private static Use use(Figures figures) {
        Usage usage = figures.usage();
        return new Use(usage.cpu().total(), usage.cpu().throttled(), usage.memory().workingSet(),
                usage.memory().limit().isPresent() ? usage.memory().limit().getAsLong() : null,
                sum(figures, link -> link.received().bytes()), sum(figures, link -> link.sent().bytes()),
                usage.devices().stream().mapToLong(Usage.Device::readBytes).sum(),
                usage.devices().stream().mapToLong(Usage.Device::writtenBytes).sum(), usage.threads(),
                usage.threadsLimit().isPresent() ? usage.threadsLimit().getAsLong() : null, figures.descriptors(),
                usage.memory().oomKills());
    }

    private static long sum(Figures figures, ToLongFunction<NetworkInterface> count) {
        return figures.interfaces().stream().mapToLong(count).sum();
    }
}
