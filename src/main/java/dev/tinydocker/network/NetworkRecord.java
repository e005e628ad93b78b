package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Networks and leases in the record. Every method is one statement. */
@Component
class NetworkRecord {

    private static final RowMapper<Network> NETWORK = (row, _) -> new Network(row.getLong("id"),
            row.getString("name"), row.getString("bridge"), Subnet.parse(row.getString("subnet")));

    private static final String FORWARDS = "SELECT * FROM published_port JOIN lease USING (container_id, network_id) "
            + "WHERE network_id = ?";
    private static final RowMapper<Forward> FORWARD = (row, _) -> new Forward(port(row),
            row.getString("container_id"), Ipv4.parse(row.getString("address")));

    private final JdbcTemplate template;

    NetworkRecord(JdbcTemplate template) {
        this.template = template;
    }

    Optional<Network> find(String name) {
        return template.query("SELECT * FROM network WHERE name = ?", NETWORK, name).stream().findFirst();
    }

    /** Records a network, or what has become of it. */
    void save(String name, String bridge, Subnet subnet) {
        template.update("INSERT INTO network (name, bridge, subnet) VALUES (?, ?, ?) "
                + "ON CONFLICT (name) DO UPDATE SET bridge = excluded.bridge, subnet = excluded.subnet", name, bridge,
                subnet.toString());
    }

    /** False where the address or the link is taken. */
    boolean lease(Network network, Lease lease) {
        return template.update("INSERT INTO lease (network_id, address, link, container_id) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT DO NOTHING", network.id(), lease.address().toString(), lease.link(), lease.container())
                == 1;
    }

    /** False where another container has it. */
    boolean publish(Network network, String container, PublishedPort port) {
        return template.update("INSERT INTO published_port (protocol, host_address, host_port, container_port, "
                + "container_id, network_id) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", port.protocol().name(),
                port.address().toString(), port.hostPort(), port.containerPort(), container, network.id()) == 1;
    }

    /** Who has that very port, if anybody. */
    Optional<String> holder(PublishedPort port) {
        return template.queryForList("SELECT container_id FROM published_port WHERE protocol = ? AND host_address = ? "
                + "AND host_port = ?", String.class, port.protocol().name(), port.address().toString(),
                port.hostPort()).stream().findFirst();
    }

    List<PublishedPort> ports(String container) {
        return template.query("SELECT * FROM published_port WHERE container_id = ? ORDER BY container_port, protocol, "
                + "host_address, host_port", (row, _) -> port(row), container);
    }

    /** All ports that lead into a network. */
    List<Forward> forwards(Network network) {
        return template.query(FORWARDS, FORWARD, network.id());
    }

    /** Those that lead to one container. */
    List<Forward> forwards(Network network, String container) {
        return template.query(FORWARDS + " AND container_id = ?", FORWARD, network.id(), container);
    }

    /** Forgets the leases of a container and its ports; one that has none is no mistake. */
    void release(String container) {
        template.update("DELETE FROM lease WHERE container_id = ?", container);
    }

    /** Every container that has a lease. */
    List<String> connected() {
        return template.query("SELECT DISTINCT container_id FROM lease", (row, _) -> row.getString("container_id"));
    }

    List<Lease> leases(Network network) {
        return template.query("SELECT * FROM lease WHERE network_id = ?", (row, _) -> lease(network, row),
                network.id());
    }

    Optional<Lease> lease(Network network, String container) {
        return template.query("SELECT * FROM lease WHERE network_id = ? AND container_id = ?",
                (row, _) -> lease(network, row), network.id(), container).stream().findFirst();
    }

    private static Lease lease(Network network, ResultSet row) throws SQLException {
        return new Lease(row.getString("container_id"), network.subnet(), network.gateway(),
                Ipv4.parse(row.getString("address")), row.getInt("link"));
    }

    private static PublishedPort port(ResultSet row) throws SQLException {
        return new PublishedPort(PublishedPort.Protocol.valueOf(row.getString("protocol")),
                Ipv4.parse(row.getString("host_address")), row.getInt("host_port"), row.getInt("container_port"));
    }
}
