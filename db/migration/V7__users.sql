-- Ranges of users, by number: no two containers have one, and it is free again when its container is gone.
ALTER TABLE container ADD COLUMN id_range INTEGER;

CREATE UNIQUE INDEX container_by_id_range ON container (id_range) WHERE id_range IS NOT NULL;
