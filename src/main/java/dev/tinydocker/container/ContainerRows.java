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

    /** Those of health, whose words are small. Only a container that has more changes than that is looked at. */
    @Modifying
    @Query("DELETE FROM transition WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER ("
            + "PARTITION BY container_id ORDER BY id DESC) AS place FROM transition WHERE to_state = lower(to_state) "
            + "AND container_id IN (SELECT container_id FROM transition GROUP BY container_id "
            + "HAVING count(*) > :kept)) WHERE place > :kept)")
    int forgetHealth(int kept);
}
