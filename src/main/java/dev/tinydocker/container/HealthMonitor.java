package dev.tinydocker.container;

import dev.tinydocker.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Checks containers that run and want it, each from its start to its end, one check at a time. One clock for all of
 * them, and a few threads that start processes while there is something to start; who waits for a check is no thread.
 */
@Component
class HealthMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
    private static final int AT_ONCE = 4;
    private static final int COULD_NOT = -1;

    private final ContainerRecord containers;
    private final HealthRecord record;
    private final Execs execs;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("health-clock").factory());
    private final ThreadPoolExecutor starters = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 10, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name("health-", 0).factory());

    HealthMonitor(ContainerRecord containers, HealthRecord record, Execs execs) {
        this.containers = containers;
        this.record = record;
        this.execs = execs;
        starters.allowCoreThreadTimeOut(true);
    }

    /** Begins with a container that has just started; nothing is done for one without a check. */
    void begin(Container container) {
        Healthcheck check = container.spec().health();
        if (check != null) {
            record.keep(container.id(), Health.BEGINNING);
            watch(new Watched(container.id(), check, Instant.now(), Health.BEGINNING));
        }
    }

    /** Goes on with one that an earlier engine has checked. */
    void resume(Container container) {
        Healthcheck check = container.spec().health();
        if (check != null) {
            Instant started = container.startedAt();
            watch(new Watched(container.id(), check, started == null ? Instant.now() : started,
                    record.find(container.id()).orElse(Health.BEGINNING)));
        }
    }

    private void watch(Watched one) {
        watched.put(one.id, one);
        one.plan();
    }

    /** The container has ended: what a check finds from now on is not told of it. */
    void end(String id) {
        Watched one = watched.remove(id);
        if (one != null) {
            one.end();
        }
    }

    Optional<Health> find(Container container) {
        if (container.spec().health() == null) {
            return Optional.empty();
        }
        Watched one = watched.get(container.id());
        return one == null ? record.find(container.id()) : Optional.of(one.health);
    }

    /** Leaves all containers to the next engine. */
    @Override
    public void close() {
        watched.values().forEach(Watched::end);
        clock.shutdownNow();
        starters.shutdownNow();
    }

    /** One container. Its checks follow one another; each is planned when the one before has ended. */
    private final class Watched {

        private final String id;
        private final Healthcheck check;
        private final Instant started;
        private volatile Health health;
        private volatile boolean ended;
        private @Nullable Future<?> planned;

        Watched(String id, Healthcheck check, Instant started, Health health) {
            this.id = id;
            this.check = check;
            this.started = started;
            this.health = health;
        }

        synchronized void plan() {
            if (!ended) {
                Duration pause = check.pause(Duration.between(started, Instant.now()),
                        health.status() == Health.Status.STARTING);
                planned = schedule(() -> starters.execute(this::check), pause);
            }
        }

        synchronized void end() {
            ended = true;
            if (planned != null) {
                planned.cancel(false);
            }
        }

        private void check() {
            Instant start = Instant.now();
            CheckOutput output = new CheckOutput();
            try {
                Execs.Check running = execs.check(containers.get(id), check.command(), output);
                // Once: to cancel what is being done already says that it was in time.
                AtomicBoolean told = new AtomicBoolean();
                Future<?> timeout = schedule(() -> {
                    if (!told.getAndSet(true)) {
                        found(new Health.Result(start, Instant.now(), COULD_NOT, "the check takes longer than "
                                + check.patience().toMillis() + " ms: " + output.text()));
                        running.kill();
                    }
                }, check.patience());
                running.ended().handle((status, failure) -> {
                    if (timeout != null) {
                        timeout.cancel(false);
                    }
                    if (!told.getAndSet(true)) {
                        found(failure == null ? new Health.Result(start, Instant.now(), status, output.text())
                                : new Health.Result(start, Instant.now(), COULD_NOT, reason(failure)));
                    }
                    plan();
                    return status;
                });
            } catch (Problem e) {
                found(new Health.Result(start, Instant.now(), COULD_NOT, e.line()));
                plan();
            } catch (RuntimeException e) {
                LOG.error("cannot check {}", id, e);
                plan();
            }
        }

        private static String reason(Throwable failure) {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
                    : failure;
            return cause instanceof Problem problem ? problem.line() : String.valueOf(cause.getMessage());
        }

        private synchronized void found(Health.Result result) {
            if (ended) {
                return;
            }
            Health before = health;
            Health now = before.after(result, check, started);
            // Recorded before anybody is told.
            record.keep(id, now);
            health = now;
            if (before.status() != now.status()) {
                LOG.info("{} is {}", id.substring(0, 12), now.status().word());
            }
        }
    }

    private @Nullable Future<?> schedule(Runnable deed, Duration pause) {
        try {
            return clock.schedule(deed, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // This engine ends.
            return null;
        }
    }
}
