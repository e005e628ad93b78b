package dev.tinydocker.volume;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Volumes in the record. Every method is one statement. */
@Component
class VolumeRecord {

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() { };

    private final JdbcTemplate template;
    private final JsonMapper json = JsonMapper.builder().build();
    private final RowMapper<Volume> mapper = (row, _) -> new Volume(row.getString("name"), row.getBoolean("anonymous"),
            labels(row.getString("labels")), Instant.parse(row.getString("created_at")));

    VolumeRecord(JdbcTemplate template) {
        this.template = template;
    }

    private Map<String, String> labels(String text) {
        return json.readValue(text, TEXTS);
    }

    /** All, in the order of their names. */
    List<Volume> list() {
        return template.query("SELECT * FROM volume ORDER BY name", mapper);
    }

    Optional<Volume> find(String name) {
        return template.query("SELECT * FROM volume WHERE name = ?", mapper, name).stream().findFirst();
    }

    void insert(Volume volume) {
        template.update("INSERT INTO volume (name, anonymous, labels, created_at) VALUES (?, ?, ?, ?)", volume.name(),
                volume.anonymous(), json.writeValueAsString(volume.labels()), volume.createdAt().toString());
    }

    void delete(String name) {
        template.update("DELETE FROM volume WHERE name = ?", name);
    }
}
