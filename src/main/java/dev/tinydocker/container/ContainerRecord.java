package dev.tinydocker.container;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import dev.tinydocker.shim.Exit;
import dev.tinydocker.store.KeptStatements;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What exists and what happened, in the one record. Every method is one statement; a change of state names the states
 * it may start from. What a start writes is plain SQL: a repository makes its statements anew and publishes events,
 * which is a tenth of the whole start.
 */
@Component
class ContainerRecord {

    private static final Duration HISTORY = Duration.ofDays(30);
    /** Of each container: how it is may change every second for as long as it lives. */
    private static final int HEALTH_CHANGES = 1000;
    private static final TypeReference<List<String>> WORDS = new TypeReference<>() {
    };

    private static final Map<ContainerState, String> MAY_BECOME = new EnumMap<>(ContainerState.class);

    static {
        for (ContainerState state : ContainerState.values()) {
            MAY_BECOME.put(state, condition(state));
        }
    }

    private final ContainerRows rows;
    private final JdbcTemplate template;
    private final KeptStatements statements;
    private final JsonMapper json = JsonMapper.builder().build();
    private final ObjectWriter specs = json.writerFor(ContainerSpec.class);

    ContainerRecord(ContainerRows rows, JdbcTemplate template, KeptStatements statements) {
        this.rows = rows;
        this.template = template;
        this.statements = statements;
    }

    /**
     * Inserts a new container that is about to start: it was created, and is starting.
     *
     * @param range the number of its range of users, null where it has none
     * @throws org.springframework.dao.DuplicateKeyException if the name is taken, or the range
     */
    Container insert(String id, String name, String image, List<String> argv, ContainerSpec spec,
            @Nullable Integer range) {
        Instant now = Instant.now();
        statements.update("INSERT INTO container (id, name, image, argv, spec, state, cause, created_at, "
                + "id_range) VALUES (?, ?, ?, ?, ?, 'STARTING', 'start', ?, ?)", id, name, image,
                json.writeValueAsString(argv), specs.writeValueAsString(spec), Times.text(now), range);
        return new Container(id, name, image, argv, spec, ContainerState.STARTING, null, now, null, null, null, false,
                null, null);
    }

    /** The ranges of users that containers have. */
    Set<Integer> ranges() {
        return new HashSet<>(template.queryForList("SELECT id_range FROM container WHERE id_range IS NOT NULL",
                Integer.class));
    }

    /** False where it is being stopped already, or has ended. */
    boolean stopping(String id, String cause) {
        return move(id, ContainerState.STOPPING, cause);
    }

    /** Records that something of it could not be cleaned up. */
    void dead(String id, String cause) {
        move(id, ContainerState.DEAD, cause);
    }

    private boolean move(String id, ContainerState to, String cause) {
        return statements.update("UPDATE container SET state = ?, cause = ? WHERE id = ?" + mayBecome(to), to.name(),
                cause, id) == 1;
    }

    /** False where it has ended already. */
    boolean running(String id, int pid, @Nullable Long pidStarted) {
        return statements.update("UPDATE container SET state = 'RUNNING', cause = 'started', pid = ?, pid_started = ?, "
                + "started_at = ?, finished_at = NULL, exit_code = NULL, oom_killed = 0, error = NULL WHERE id = ?"
                + mayBecome(ContainerState.RUNNING), pid, pidStarted, Times.text(Instant.now()), id) == 1;
    }

    /** Records an end; false where one is recorded already. */
    boolean exited(String id, String cause, Exit exit, boolean oomKilled, @Nullable String error) {
        int changed = statements.update("UPDATE container SET state = 'EXITED', cause = ?, pid = NULL, "
                + "pid_started = NULL, finished_at = ?, exit_code = ?, oom_killed = ?, error = ? WHERE id = ?"
                + mayBecome(ContainerState.EXITED), cause, Times.text(exit.time()), exit.status(), oomKilled, error,
                id);
        return changed == 1;
    }

    /** Records that a container is to be in other networks. */
    void networks(String id, ContainerSpec spec) {
        statements.update("UPDATE container SET spec = ? WHERE id = ?", specs.writeValueAsString(spec), id);
    }

    void delete(String id) {
        statements.update("DELETE FROM container WHERE id = ?", id);
    }

    List<Container> list() {
        return rows.newestFirst().stream().map(this::container).toList();
    }

    boolean exists(String id) {
        return rows.existsById(id);
    }

    /** Forgets what happened long ago to those that are gone, and of each one's health all but the last changes. */
    void forgetOldHistory() {
        rows.forgetTransitions(Times.text(Instant.now().minus(HISTORY)));
        rows.forgetHealth(HEALTH_CHANGES);
    }

    /** The container of this id; it must exist. */
    Container get(String id) {
        return rows.findById(id).map(this::container).orElseThrow(() -> unknown(id));
    }

    /** Resolves a name, an id, or the unique beginning of an id. */
    Container find(String reference) {
        List<ContainerRow> found = rows.findByName(reference).map(List::of)
                .orElseGet(() -> rows.findByPrefix(reference));
        if (found.isEmpty() || reference.isEmpty()) {
            throw unknown(reference);
        }
        if (found.size() > 1) {
            throw new InvalidRequest("find the container '" + reference + "'", "more than one id begins with it",
                    "give more digits");
        }
        return container(found.getFirst());
    }

    static NotFound unknown(String reference) {
        return new NotFound("find the container '" + reference + "'", "there is none with this name or id",
                "'ps -a' lists all there are");
    }

    /** The end of a WHERE that holds only in the states that may become this one. */
    private static String mayBecome(ContainerState to) {
        return Objects.requireNonNull(MAY_BECOME.get(to));
    }

    private static String condition(ContainerState to) {
        return Arrays.stream(ContainerState.values()).filter(state -> state.next().contains(to)).map(Enum::name)
                .collect(Collectors.joining("', '", " AND state IN ('", "')"));
    }

    private Container container(ContainerRow row) {
        return new Container(row.id(), row.name(), row.image(), json.readValue(row.argv(), WORDS),
                json.readValue(row.spec(), ContainerSpec.class), ContainerState.valueOf(row.state()), row.pid(),
                Instant.parse(row.createdAt()), Times.instant(row.startedAt()), Times.instant(row.finishedAt()),
                row.exitCode(), row.oomKilled() != 0, row.error(), null);
    }
}
