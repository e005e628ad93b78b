package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.security.SecurityWish;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;

@SuppressWarnings("NullAway")
class ContainersTests {

    private static Container web(ContainerState state, Integer exitCode) {
        ContainerSpec spec = new ContainerSpec("web", null, "image", null, null, null, List.of("sh"), null, Map.of(), "/",
                null, null, List.of(), List.of(), false, Limits.NONE, List.of(), 15, 10, false, NetworkWish.NONE, Map.of(),
                0, false, false, false, false, LogSettings.DEFAULT, null, SecurityWish.DEFAULT, Users.HOST, Map.of(), null,
                null);
        return new Container("c".repeat(64), "web", "image", List.of("sh"), spec, state, null, Instant.EPOCH, Instant.EPOCH,
                null, exitCode, false, null, null);
    }

    /** It was still running on record when it was found, and is no container that runs when that is looked for. */
    @Test
    void anEndThatIsRecordedWhileItIsAskedForIsToldAsItWas() {
        Queue<Container> found = new ArrayDeque<>(List.of(web(ContainerState.RUNNING, null),
                web(ContainerState.EXITED, 7)));
        ContainerRecord record = new ContainerRecord(null, new JdbcTemplate(), null) {

            @Override
            Container find(String reference) {
                return found.remove();
            }
        };
        Containers containers = new Containers(record, new LiveContainers(), null, null, null, null, null, null, null,
                null, null, new HealthMonitor(record, new HealthRecord(new JdbcTemplate()), null), null, null);
        assertThat(containers.await("web")).isEqualTo(7);
    }
}
