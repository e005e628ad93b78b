package dev.tinydocker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tinydocker.cgroup.Devices;
import dev.tinydocker.cgroup.Limits;
import dev.tinydocker.log.LogSettings;
import dev.tinydocker.namespace.Users;
import dev.tinydocker.network.NetworkWish;
import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.rootfs.RootfsUsers;
import dev.tinydocker.security.ResourceLimit;
import dev.tinydocker.security.ModuleWish;
import dev.tinydocker.security.SecurityWish;
import dev.tinydocker.shim.Exit;
import dev.tinydocker.volume.Mount;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The record on a real SQLite file, as the migrations make it. */
class ContainerRecordIT {

    private static final String ID = "a".repeat(64);
    private static final Instant END = Instant.parse("2026-11-23T14:44:03.083457295Z");

    @TempDir
    Path directory;

    private ConfigurableApplicationContext context;
    private ContainerRecord record;
    private JdbcTemplate sql;

    @BeforeEach
    void open() {
        context = EngineRooms.start(directory);
        record = context.getBean(ContainerRecord.class);
        sql = context.getBean(JdbcTemplate.class);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void whatIsInsertedIsFoundAsItWas() {
        Container container = record.insert(ID, "web", "busybox", List.of("sh", "-c", "a 'b'"), spec(), null);
        assertThat(record.find("web")).isEqualTo(container);
        assertThat(record.find(ID)).isEqualTo(container);
        assertThat(record.find("aaaa")).isEqualTo(container);
        assertThat(record.list()).containsExactly(container);
    }

    /** So that another range is given then, and nobody is told that a name is taken. */
    @Test
    void aRangeThatIsTakenIsToldApartFromAName() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), 7);
        assertThatThrownBy(() -> record.insert("b".repeat(64), "db", "busybox", List.of("sh"), spec(), 7))
                .isInstanceOf(DuplicateKeyException.class).rootCause().hasMessageContaining("id_range");
        assertThatThrownBy(() -> record.insert("b".repeat(64), "web", "busybox", List.of("sh"), spec(), 8))
                .isInstanceOf(DuplicateKeyException.class).rootCause().hasMessageNotContaining("id_range");
    }

    @Test
    void everyChangeLeavesATransitionWithItsCause() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        record.running(ID, 42, 4711L);
        record.stopping(ID, "stop");
        record.exited(ID, "SIGTERM", new Exit(0, 15, END), false, null);
        assertThat(record.get(ID)).satisfies(ended -> {
            assertThat(ended.state()).isEqualTo(ContainerState.EXITED);
            assertThat(ended.exitCode()).isEqualTo(143);
            assertThat(ended.finishedAt()).isEqualTo(END);
            assertThat(ended.pid()).isNull();
        });
        record.delete(ID);
        assertThat(sql.queryForList("SELECT coalesce(from_state, '') || '>' || to_state || ' ' || cause FROM transition ORDER BY id",
                String.class)).containsExactly(">CREATED created", "CREATED>STARTING start", "STARTING>RUNNING started",
                        "RUNNING>STOPPING stop", "STOPPING>EXITED SIGTERM", "EXITED>REMOVED removed");
    }

    @Test
    void aChangeThatDoesNotFitIsRefusedAndChangesNothing() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        assertThat(record.get(ID).state()).isEqualTo(ContainerState.STARTING);
        record.exited(ID, "exit", new Exit(0, 0, END), false, null);
        assertThat(record.stopping(ID, "stop")).isFalse();
        assertThat(record.running(ID, 42, null)).isFalse();
        assertThat(record.get(ID).state()).isEqualTo(ContainerState.EXITED);
    }

    @Test
    void aSecondEndIsNotRecorded() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        assertThat(record.exited(ID, "exit", new Exit(3, 0, END), false, null)).isTrue();
        assertThat(record.exited(ID, "lost", new Exit(0, 9, END), false, "lost")).isFalse();
        assertThat(record.get(ID).exitCode()).isEqualTo(3);
    }

    @Test
    void aNameIsGivenOnce() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        assertThatThrownBy(() -> record.insert("b".repeat(64), "web", "busybox", List.of("sh"), spec(), null))
                .isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void aPrefixOfTwoIsAmbiguousAndAStrangerIsUnknown() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        record.insert("aa" + "b".repeat(62), "db", "busybox", List.of("sh"), spec(), null);
        assertThatThrownBy(() -> record.find("aa")).isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("more than one");
        assertThat(record.find("aaa").name()).isEqualTo("web");
        assertThatThrownBy(() -> record.find("%")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> record.find("")).isInstanceOf(NotFound.class);
    }

    @Test
    void whatIsWrittenIsThereForTheNextEngine() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        close();
        open();
        assertThat(record.get(ID).spec()).isEqualTo(spec());
    }

    @Test
    void historyIsForgottenAMonthAfterTheContainer() {
        for (int days : List.of(29, 31)) {
            sql.update("INSERT INTO transition (container_id, to_state, cause, at, name) VALUES (?, 'REMOVED', 'removed', ?, ?)",
                    "b".repeat(64), Times.text(Instant.now().minus(Duration.ofDays(days))), "days" + days);
        }
        record.forgetOldHistory();
        assertThat(sql.queryForList("SELECT name FROM transition", String.class)).containsExactly("days29");
    }

    /** It may change every second, of a container that lives for years. */
    @Test
    void ofHealthTheLastChangesAreKeptOfEachContainerAndOfItsStateAll() {
        record.insert(ID, "web", "busybox", List.of("sh"), spec(), null);
        changes(ID, 1001, "unhealthy");
        changes(ID, 999, "healthy");
        changes("b".repeat(64), 3, "healthy");
        record.running(ID, 42, 4711L);
        record.forgetOldHistory();
        assertThat(sql.queryForList("SELECT substr(container_id, 1, 1) || to_state || count(*) FROM transition "
                + "GROUP BY container_id, to_state", String.class)).containsExactlyInAnyOrder("aCREATED1", "aSTARTING1",
                        "aRUNNING1", "aunhealthy1", "ahealthy999", "bhealthy3");
    }

    @Test
    void anEngineThatLivesForgetsAgainAndAgain() {
        try (HistoryTrimmer trimmer = new HistoryTrimmer(record, Duration.ofMillis(20))) {
            trimmer.begin();
            for (int round = 0; round < 2; round++) {
                changes(ID, 1500, "healthy");
                Awaitility.await().untilAsserted(() -> assertThat(sql.queryForObject("SELECT count(*) FROM transition",
                        Integer.class)).isEqualTo(1000));
            }
        }
    }

    /** Its root file system may be cleaned away as soon as its user was answered. */
    @Test
    void whatIsAboutToBeGoneUsesNothing() {
        UsedRootfs users = context.getBean(UsedRootfs.class);
        record.insert(ID, "kept", "busybox", List.of("sh"), spec(), null);
        record.insert("b".repeat(64), "removed", "busybox", List.of("sh"), spec(true), null);
        assertThat(users.uses()).extracting(RootfsUsers.Use::user).containsExactlyInAnyOrder("a".repeat(12), "b".repeat(12));
        record.exited(ID, "exit", new Exit(0, 0, END), false, null);
        record.exited("b".repeat(64), "exit", new Exit(0, 0, END), false, null);
        assertThat(users.uses()).extracting(RootfsUsers.Use::user).containsExactly("a".repeat(12));
    }

    private void changes(String id, int count, String to) {
        sql.update("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                + "INSERT INTO transition (container_id, to_state, cause) SELECT ?, ?, 'health check' FROM n", count, id,
                to);
    }

    private static ContainerSpec spec() {
        return spec(false);
    }

    private static ContainerSpec spec(boolean removed) {
        return new ContainerSpec("web", null, "busybox", null, PullPolicy.NEVER, "linux/amd64", List.of("sh"), null,
                Map.of("A", "b=c"), "/", "nobody", null,
                List.of(new Mount.Bind("/src", "/dst", true, false, true, "rprivate", List.of("suid")),
                        new Mount.Tmpfs("/t", 4096L, 01777, false, true)),
                List.of("/data"), true, new Limits(128L << 20, null, 50_000L, null, "0-1", 100L),
                        List.of(new ResourceLimit("nofile", 10, 20)), 15, 10,
                false, NetworkWish.NONE, Map.of("l", ""), 0, true, true, true, removed, LogSettings.DEFAULT,
                new Healthcheck(List.of("CMD", "true"), 1, 2, 3, 4, 5),
                new SecurityWish(true, List.of("CAP_SYS_TIME"), List.of("ALL"), false, "{}", List.of("/proc/acpi"),
                        new ModuleWish("unconfined", false, List.of("type:container_t"))),
                Users.parse("map=0:100000:65536"), Map.of("net.ipv4.ip_forward", "1"),
                new Devices(List.of(new Devices.Node("/dev/fuse", "/dev/fuse", "rw")), List.of("c 10:229 rwm")), 1L << 20);
    }
}
