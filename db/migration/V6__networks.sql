-- Networks that users make. Numbers are for references; the id is what people are shown. Subnets, gateways and ranges are
-- empty where there are none, gateways also where they are the subnet's first address. Driver is a name of Driver.
ALTER TABLE network RENAME COLUMN id TO number;
ALTER TABLE network RENAME COLUMN bridge TO link;
ALTER TABLE network ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE network ADD COLUMN driver TEXT NOT NULL DEFAULT 'BRIDGE';
ALTER TABLE network ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;     -- the subnet is what a user asked for: it stays
ALTER TABLE network ADD COLUMN gateway TEXT NOT NULL DEFAULT '';
ALTER TABLE network ADD COLUMN ip_range TEXT NOT NULL DEFAULT '';
ALTER TABLE network ADD COLUMN subnet6 TEXT NOT NULL DEFAULT '';
ALTER TABLE network ADD COLUMN gateway6 TEXT NOT NULL DEFAULT '';
ALTER TABLE network ADD COLUMN internal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE network ADD COLUMN options TEXT NOT NULL DEFAULT '{}';   -- JSON object
ALTER TABLE network ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';    -- JSON object
ALTER TABLE network ADD COLUMN created_at TEXT NOT NULL DEFAULT '';

-- Those that are always there; the first one's bridge and subnet are chosen when it is first needed.
INSERT INTO network (name, link, subnet) VALUES ('isolated', '', '') ON CONFLICT DO NOTHING;
INSERT INTO network (name, link, subnet, driver) VALUES ('host', '-host', '', 'HOST'), ('none', '-none', '', 'NONE');

UPDATE network SET id = lower(hex(randomblob(32))), created_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now');

CREATE UNIQUE INDEX network_by_id ON network (id);

-- What else a container has of a network: which of its links it is, from 0, its hardware address where one was asked for, and
-- what it is called there, a JSON array.
ALTER TABLE lease ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lease ADD COLUMN address6 TEXT;
ALTER TABLE lease ADD COLUMN mac TEXT;
ALTER TABLE lease ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';

CREATE UNIQUE INDEX lease_by_address6 ON lease (network_id, address6);
CREATE UNIQUE INDEX lease_by_position ON lease (container_id, position);
