package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Ipv6;
import dev.tinydocker.store.KeptStatements;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Leases and published ports in the record. Every method is one statement. */
@Component
class LeaseRecord {

    private static final TypeReference<List<String>> WORDS = new TypeReference<>() { };
    private static final String FORWARDS = "SELECT published_port.*, address, address6 FROM published_port "
            + "JOIN lease USING (container_id, network_id) WHERE ";
    private static final RowMapper<Forward> FORWARD = (row, _) -> new Forward(port(row),
            row.getString("container_id"), Ipv4.parse(row.getString("address")), address6(row));

    private final JdbcTemplate template;
    private final KeptStatements statements;
    private final JsonMapper json = JsonMapper.builder().build();

    LeaseRecord(JdbcTemplate template, KeptStatements statements) {
        this.template = template;
        this.statements = statements;
    }

    /**
     * False where the address or the link is taken.
     *
     * @throws org.springframework.dao.DataAccessException where the network is gone
     */
    boolean insert(Lease lease) {
        Ipv6 address6 = lease.address6();
        return statements.update("INSERT INTO lease (network_id, address, link, container_id, position, address6, mac, "
                + "aliases) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", lease.network().number(),
                lease.address().toString(), lease.link(), lease.container(), lease.position(),
                address6 == null ? null : address6.toString(), lease.asked(), json.writeValueAsString(lease.names()))
                == 1;
    }

    /** False where another container has it. */
    boolean publish(Lease lease, PublishedPort port) {
        return template.update("INSERT INTO published_port (protocol, host_address, host_port, container_port, "
                + "container_id, network_id) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", port.protocol().name(),
                port.host(), port.hostPort(), port.containerPort(), lease.container(),
                lease.network().number()) == 1;
    }

    /** Who has that very port, if anybody. */
    Optional<String> holder(PublishedPort port) {
        return template.queryForList("SELECT container_id FROM published_port WHERE protocol = ? AND host_address = ? "
                + "AND host_port = ?", String.class, port.protocol().name(), port.host(),
                port.hostPort()).stream().findFirst();
    }

    /** Who has an address that is asked for, if any is. */
    List<String> holders(Network network, Endpoint wish) {
        Ipv6 address6 = wish.address6();
        return wish.address() == null && address6 == null ? List.of() : template.queryForList("SELECT container_id "
                + "FROM lease WHERE network_id = ? AND (address = ? OR address6 = ?)", String.class, network.number(),
                String.valueOf(wish.address()), String.valueOf(address6));
    }

    List<PublishedPort> ports(String container) {
        return template.query("SELECT * FROM published_port WHERE container_id = ? ORDER BY container_port, protocol, "
                + "host_address, host_port", (row, _) -> port(row), container);
    }

    /** All ports that lead anywhere. */
    List<Forward> forwards() {
        return template.query(FORWARDS + "TRUE", FORWARD);
    }

    /** Those that lead into a network. */
    List<Forward> forwards(Network network) {
        return template.query(FORWARDS + "network_id = ?", FORWARD, network.number());
    }

    /** Those that lead to one container. */
    List<Forward> forwards(String container) {
        return template.query(FORWARDS + "container_id = ? ORDER BY container_port, protocol, host_address, host_port", FORWARD, container);
    }

    /** What leads to one lease leads to another one of the same container. */
    void move(Lease from, Lease to) {
        template.update("UPDATE published_port SET network_id = ? WHERE container_id = ? AND network_id = ?",
                to.network().number(), from.container(), from.network().number());
    }

    /** Forgets the ports that lead to a lease. */
    void unpublish(Lease lease) {
        template.update("DELETE FROM published_port WHERE container_id = ? AND network_id = ?", lease.container(),
                lease.network().number());
    }

    /** Forgets the leases of a container and its ports; one that has none is no mistake. */
    void release(String container) {
        statements.update("DELETE FROM lease WHERE container_id = ?", container);
    }

    /** Forgets one lease, and the ports that lead there. */
    void release(Lease lease) {
        template.update("DELETE FROM lease WHERE container_id = ? AND network_id = ?", lease.container(),
                lease.network().number());
    }

    /** Every container that has a published port. */
    List<String> published() {
        return template.query("SELECT DISTINCT container_id FROM published_port",
                (row, _) -> row.getString("container_id"));
    }

    /** Every container that has a lease. */
    List<String> connected() {
        return template.query("SELECT DISTINCT container_id FROM lease", (row, _) -> row.getString("container_id"));
    }

    List<Lease> leases(Network network) {
        return template.query("SELECT * FROM lease WHERE network_id = ? ORDER BY address",
                (row, _) -> lease(network, row), network.number());
    }

    /** Whether any container has an address of it. */
    boolean isUsed(Network network) {
        return Boolean.TRUE.equals(template.queryForObject("SELECT EXISTS (SELECT 1 FROM lease WHERE network_id = ?)",
                Boolean.class, network.number()));
    }

    /** Whether no container has an address of that lease. */
    boolean isFree(Lease lease) {
        return Boolean.TRUE.equals(template.queryForObject("SELECT NOT EXISTS (SELECT 1 FROM lease WHERE "
                + "network_id = ? AND (address = ? OR address6 = ?))", Boolean.class, lease.network().number(),
                lease.address().toString(), String.valueOf(lease.address6())));
    }

    /** Whether a container has that address. */
    boolean isTaken(Network network, Ipv6 address) {
        return Boolean.TRUE.equals(template.queryForObject("SELECT EXISTS (SELECT 1 FROM lease WHERE network_id = ? "
                + "AND address6 = ?)", Boolean.class, network.number(), address.toString()));
    }

    /** The numbers of the networks that a container has addresses of, in the order of its links. */
    List<Long> networks(String container) {
        return template.query("SELECT network_id FROM lease WHERE container_id = ? ORDER BY position",
                (row, _) -> row.getLong("network_id"), container);
    }

    Optional<Lease> lease(Network network, String container) {
        return template.query("SELECT * FROM lease WHERE network_id = ? AND container_id = ?",
                (row, _) -> lease(network, row), network.number(), container).stream().findFirst();
    }

    private Lease lease(Network network, ResultSet row) throws SQLException {
        return new Lease(network, row.getString("container_id"), row.getInt("position"),
                Ipv4.parse(row.getString("address")), address6(row),
                row.getString("mac"), row.getInt("link"), json.readValue(row.getString("aliases"), WORDS));
    }

    private static @Nullable Ipv6 address6(ResultSet row) throws SQLException {
        String address6 = row.getString("address6");
        return address6 == null ? null : Ipv6.parse(address6);
    }

    private static PublishedPort port(ResultSet row) throws SQLException {
        String host = row.getString("host_address");
        boolean is6 = host.contains(":");
        return new PublishedPort(PublishedPort.Protocol.valueOf(row.getString("protocol")),
                is6 ? null : Ipv4.parse(host), row.getInt("host_port"), row.getInt("container_port"), null,
                is6 ? Ipv6.parse(host) : null);
    }
}
