package dev.tinydocker.container;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How containers are, on record: for the next engine, and for who asks when they have ended. */
@Component
class HealthRecord {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRecord.class);
    private static final TypeReference<List<Health.Result>> RESULTS = new TypeReference<>() {
    };

    private final JdbcTemplate sql;
    private final JsonMapper json = JsonMapper.builder().build();

    HealthRecord(JdbcTemplate sql) {
        this.sql = sql;
    }

    Optional<Health> find(String id) {
        return sql.query("SELECT status, streak, results FROM health WHERE container_id = ?",
                (row, _) -> new Health(Health.Status.valueOf(row.getString(1).toUpperCase(Locale.ROOT)), row.getInt(2),
                        json.readValue(row.getString(3), RESULTS)), id).stream().findFirst();
    }

    /** Nothing happens where the container is off the record; a full disk keeps the next result from nobody. */
    void keep(String id, Health health) {
        try {
            sql.update("INSERT INTO health (container_id, status, streak, results) SELECT id, ?, ?, ? FROM container "
                    + "WHERE id = ? ON CONFLICT (container_id) DO UPDATE SET status = excluded.status, "
                    + "streak = excluded.streak, results = excluded.results", health.status().word(), health.streak(),
                    json.writeValueAsString(health.results()), id);
        } catch (DataAccessException e) {
            LOG.error("cannot record how {} is", id, e);
        }
    }
}
