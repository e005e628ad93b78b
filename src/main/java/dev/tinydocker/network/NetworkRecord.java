package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.linux.Subnet;
import dev.tinydocker.linux.Subnet6;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Networks in the record. Every method is one statement. */
@Component
class NetworkRecord {

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() { };

    private final JdbcTemplate template;
    private final JsonMapper json = JsonMapper.builder().build();
    private final RowMapper<Network> mapper = (row, _) -> network(row);

    NetworkRecord(JdbcTemplate template) {
        this.template = template;
    }

    /** All, in the order of their names. */
    List<Network> list() {
        return template.query("SELECT * FROM network ORDER BY name", mapper);
    }

    Optional<Network> find(long number) {
        return template.query("SELECT * FROM network WHERE number = ?", mapper, number).stream().findFirst();
    }

    /** @throws org.springframework.dao.DuplicateKeyException where there is one of that name */
    void insert(String id, String link, NewNetwork wish, boolean asked, @Nullable Pool pool, @Nullable Pool6 pool6) {
        template.update("INSERT INTO network (id, name, driver, link, asked, subnet, gateway, ip_range, subnet6, "
                + "gateway6, internal, options, labels, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                id, wish.name(), wish.driver().name(), link, asked, text(pool == null ? null : pool.subnet()),
                text(pool == null ? null : pool.gateway()), text(pool == null ? null : pool.range()),
                text(pool6 == null ? null : pool6.subnet()), text(pool6 == null ? null : pool6.gateway()),
                wish.internal(), json.writeValueAsString(wish.options()), json.writeValueAsString(wish.labels()),
                Instant.now().toString());
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** Records what has become of a network's bridge and addresses. */
    void save(Network network) {
        Pool pool = network.addresses();
        template.update("UPDATE network SET link = ?, asked = ?, subnet = ?, gateway = ?, ip_range = ? "
                + "WHERE number = ?", network.link(), network.asked(), pool.subnet().toString(),
                pool.gateway().toString(), pool.range().toString(), network.number());
    }

    /** False where a container is connected to it. */
    boolean delete(Network network) {
        return template.update("DELETE FROM network WHERE number = ? AND NOT EXISTS (SELECT 1 FROM lease "
                + "WHERE network_id = number)", network.number()) == 1;
    }

    private Network network(ResultSet row) throws SQLException {
        String subnet = row.getString("subnet");
        String subnet6 = row.getString("subnet6");
        return new Network(row.getLong("number"), row.getString("id"), row.getString("name"),
                Driver.valueOf(row.getString("driver")), row.getString("link"), row.getBoolean("asked"),
                subnet.isEmpty() ? null : pool(Subnet.parse(subnet), row.getString("gateway"),
                        row.getString("ip_range")),
                subnet6.isEmpty() ? null : new Pool6(Subnet6.parse(subnet6), Ipv6.parse(row.getString("gateway6"))),
                row.getBoolean("internal"), json.readValue(row.getString("options"), TEXTS),
                json.readValue(row.getString("labels"), TEXTS), Instant.parse(row.getString("created_at")));
    }

    /** Earlier versions kept the subnet only. */
    private static Pool pool(Subnet subnet, String gateway, String range) {
        return gateway.isEmpty() ? Pool.of(subnet)
                : new Pool(subnet, Ipv4.parse(gateway), Subnet.parse(range));
    }
}
