package dev.tinydocker.network;

import dev.tinydocker.linux.Ipv4;
import dev.tinydocker.linux.Subnet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Optional;

/** Networks and leases in the record. Every method is one statement. */
@Component
class NetworkRecord {

    private static final RowMapper<Network> NETWORK = (row, _) -> new Network(row.getLong("id"),
            row.getString("name"), row.getString("bridge"), Subnet.parse(row.getString("subnet")));

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

    /** Forgets the leases of a container; one that has none is no mistake. */
    void release(String container) {
        template.update("DELETE FROM lease WHERE container_id = ?", container);
    }

    List<Lease> leases(Network network) {
        return template.query("SELECT * FROM lease WHERE network_id = ?", (row, _) -> new Lease(
                row.getString("container_id"), network.subnet(), network.gateway(),
                Ipv4.parse(row.getString("address")), row.getInt("link")), network.id());
    }
}
