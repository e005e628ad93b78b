package dev.tinydocker.container;

import dev.tinydocker.problem.InvalidRequest;
import dev.tinydocker.problem.NotFound;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the record has of containers beside how they stand: what happened to them, and what they were made from. */
@Service
public class History {

    private static final String TRANSITIONS = "SELECT to_state, cause, at FROM transition "
            + "WHERE container_id = ? ORDER BY id";
    /** In capitals; those of health are not. */
    private static final Set<String> STATES = Arrays.stream(ContainerState.values()).map(Enum::name)
            .collect(Collectors.toSet());
    private static final String REMOVED = "SELECT container_id, name FROM transition WHERE name IS NOT NULL "
            + "AND (name = ?1 OR ?2 <> '' AND substr(container_id, 1, length(?2)) = ?2) ORDER BY id DESC LIMIT 1";
    /** Of an id whose container is gone. */
    private static final int LEAST_DIGITS = 12;

    private final ContainerRecord record;
    private final Bases bases;
    private final JdbcTemplate template;

    History(ContainerRecord record, Bases bases, JdbcTemplate template) {
        this.record = record;
        this.bases = bases;
        this.template = template;
    }

    /**
     * A change of state, or of health.
     *
     * @param to as people are told it: {@code running}, {@code healthy}
     * @param health it is what its checks have found, while its state stays what it was
     */
    public record Transition(String to, boolean health, String cause, Instant at) {
    }

    /** The directories a container's root is made of, the topmost first; none where its image is gone. */
    public List<Path> layers(Container container) {
        try {
            return bases.root(container).lower();
        } catch (NotFound e) {
            return List.of();
        }
    }

    /**
     * What happened to a container.
     *
     * @param transitions all changes of its state, the first one first
     */
    public record Timeline(String id, String name, List<Transition> transitions) {
    }

    /**
     * What happened to a container that is there, or was there within a month.
     *
     * @param reference its name or id, or the beginning of an id; of several that had a name, the last one
     * @throws NotFound where there was none
     */
    public Timeline timeline(String reference) {
        try {
            Container container = record.find(reference);
            return new Timeline(container.id(), container.name(), transitions(container.id()));
        } catch (NotFound e) {
            Timeline gone = template.query(REMOVED, (row, _) -> new Timeline(
                    row.getString("container_id"), row.getString("name"), List.of()), reference,
                    reference.length() < LEAST_DIGITS ? "" : reference).stream().findFirst().orElse(null);
            if (gone == null) {
                throw e;
            }
            return new Timeline(gone.id(), gone.name(), transitions(gone.id()));
        }
    }

    /** Whether there is something to tell of it. */
    public boolean knows(String reference) {
        try {
            return !timeline(reference).transitions().isEmpty();
        } catch (NotFound | InvalidRequest e) {
            return false;
        }
    }

    private List<Transition> transitions(String id) {
        return template.query(TRANSITIONS, (row, _) -> {
            String to = row.getString("to_state");
            return new Transition(to.toLowerCase(Locale.ROOT), !STATES.contains(to), row.getString("cause"),
                    Instant.parse(row.getString("at")));
        }, id);
    }
}
