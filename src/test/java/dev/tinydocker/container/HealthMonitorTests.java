package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.container.Health.Status;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.shim.Stdio;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is kept of checks, and when, whatever comes at the same moment. */
@Timeout(20)
@SuppressWarnings("NullAway")
class HealthMonitorTests {

    private static final long MILLI = 1_000_000;
    private static final Container CONTAINER = new Container("c".repeat(64), "web", "image", List.of("sh"),
            new ContainerSpec("web", null, "image", null, null, null, List.of("sh"), null, Map.of(), "/", null, null,
                    List.of(), List.of(), false, Limits.NONE, List.of(), 15, 10, false, NetworkWish.NONE, Map.of(), 0,
                    false, false, false, false, LogSettings.DEFAULT,
                    new Healthcheck(List.of("CMD", "probe"), 10 * MILLI, MILLI, 0, 0, 2), SecurityWish.DEFAULT, Users.HOST,
                    Map.of(), null, null), ContainerState.RUNNING, 7, Instant.EPOCH, Instant.EPOCH, null, null, false,
            null, null);

    private final List<Health> kept = new CopyOnWriteArrayList<>();
    private final List<Optional<Status>> toldThen = new CopyOnWriteArrayList<>();
    private final HealthMonitor monitor = new HealthMonitor(new ContainerRecord(null, new JdbcTemplate(), null) {

        @Override
        Container get(String id) {
            return CONTAINER;
        }
    }, new HealthRecord(new JdbcTemplate()) {

        @Override
        Optional<Health> find(String id) {
            return Optional.empty();
        }

        @Override
        void keep(String id, Health health) {
            toldThen.add(told());
            kept.add(health);
        }
    }, new Execs(null, null, null, null) {

        @Override
        Check check(Container container, List<String> command, Stdio stdio) {
            return new Endless();
        }
    });

    /** A check that ends when it is killed, and is heard of at once. */
    private static final class Endless implements Execs.Check {

        private final CompletableFuture<Integer> ended = new CompletableFuture<>();

        @Override
        public CompletableFuture<Integer> ended() {
            return ended;
        }

        @Override
        public void kill() {
            ended.complete(137);
        }
    }

    private Optional<Status> told() {
        return monitor.find(CONTAINER).map(Health::status);
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @Test
    void aCheckWhoseTimeIsUpIsOneFailureAndNotItsEndAnother() {
        monitor.begin(CONTAINER);
        Awaitility.await().until(() -> kept.size() > 4);
        assertThat(kept.get(4).results()).extracting(Health.Result::exitCode).containsExactly(-1, -1, -1, -1);
    }

    /** Else who has heard of it finds another state on record. */
    @Test
    void aChangeIsOnRecordBeforeItIsTold() {
        monitor.begin(CONTAINER);
        Awaitility.await().until(() -> told().equals(Optional.of(Status.UNHEALTHY)));
        assertThat(kept.get(2).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(List.copyOf(toldThen).subList(0, 3)).containsExactly(Optional.empty(), Optional.of(Status.STARTING),
                Optional.of(Status.STARTING));
    }
}
