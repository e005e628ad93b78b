-- Networks that containers are connected to; the bridge is a link of the host.
CREATE TABLE network (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    bridge TEXT NOT NULL UNIQUE,
    subnet TEXT NOT NULL
);

-- Addresses in use, from before a container's start until what is left of its run is undone: no two containers have one,
-- nor one link.
CREATE TABLE lease (
    network_id   INTEGER NOT NULL REFERENCES network (id),
    address      TEXT NOT NULL,
    link         INTEGER NOT NULL UNIQUE,        -- the number of the link on the host
    container_id TEXT NOT NULL REFERENCES container (id) ON DELETE CASCADE,
    PRIMARY KEY (network_id, address),
    UNIQUE (container_id, network_id)
) WITHOUT ROWID;
