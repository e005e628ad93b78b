-- Ports of this host that lead to a container: no two containers can have one. They go with the lease.
CREATE TABLE published_port (
    protocol       TEXT NOT NULL,             -- a name of PublishedPort.Protocol
    host_address   TEXT NOT NULL,             -- 0.0.0.0 for all addresses
    host_port      INTEGER NOT NULL,
    container_port INTEGER NOT NULL,
    container_id   TEXT NOT NULL,
    network_id     INTEGER NOT NULL,
    PRIMARY KEY (protocol, host_address, host_port),
    FOREIGN KEY (container_id, network_id) REFERENCES lease (container_id, network_id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX published_port_by_container ON published_port (container_id, network_id);

-- What is asked of a network was its name only.
UPDATE container SET spec = json_set(spec, '$.network', json_object('mode', spec ->> '$.network', 'ports', json('[]'),
    'exposed', json('[]'), 'publishAll', json('false'))) WHERE json_type(spec, '$.network') = 'text';
