package dev.tinydocker.container;

import org.springframework.context.annotation.Lazy;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

import java.util.List;
import java.util.Optional;

/**
 * What is read of the table {@code container}. Lazy, which a repository is only where it says so itself: a JVM that is
 * not the engine must not open the record.
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
    @Query("DELETE FROM transition WHERE at < :before AND container_id NOT IN (SELECT id FROM container)")
    int forgetTransitions(String before);
}
