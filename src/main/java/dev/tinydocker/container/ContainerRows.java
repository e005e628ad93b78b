package dev.tinydocker.container;

import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The rows of the table {@code container}. Each change of state is one statement that names the states it may start
 * from. Lazy, which a repository is only where it says so itself: a JVM that is not the engine must not open the
 * record.
 */
@Lazy
interface ContainerRows extends ListCrudRepository<ContainerRow, String> {

    @Query("SELECT * FROM container ORDER BY created_at DESC, id")
    List<ContainerRow> newestFirst();

    Optional<ContainerRow> findByName(String name);

    /** At most two, which is enough to know that a prefix is ambiguous. */
    @Query("SELECT * FROM container WHERE substr(id, 1, length(:prefix)) = :prefix LIMIT 2")
    List<ContainerRow> findByPrefix(String prefix);

    @Modifying
    @Query("UPDATE container SET state = :state, cause = :cause WHERE id = :id AND state IN (:from)")
    int move(String id, String state, String cause, Collection<String> from);

    @Modifying
    @Query("""
            UPDATE container SET state = 'RUNNING', cause = 'started', pid = :pid, pid_started = :pidStarted,
                    started_at = :at,
                finished_at = NULL, exit_code = NULL, oom_killed = 0, error = NULL
            WHERE id = :id AND state IN (:from)""")
    int running(String id, int pid, @Nullable Long pidStarted, String at, Collection<String> from);

    @Modifying
    @Query("""
            UPDATE container SET state = 'EXITED', cause = :cause, pid = NULL, pid_started = NULL, finished_at = :at,
                exit_code = :exitCode, oom_killed = :oomKilled, error = :error
            WHERE id = :id AND state IN (:from)""")
    int exited(String id, String cause, String at, int exitCode, int oomKilled, @Nullable String error,
            Collection<String> from);

    @Modifying
    @Query("DELETE FROM transition WHERE at < :before AND container_id NOT IN (SELECT id FROM container)")
    int forgetTransitions(String before);
}
