-- How containers with a health check are; one row each. Status is starting, healthy or unhealthy.
CREATE TABLE health (
    container_id TEXT PRIMARY KEY REFERENCES container (id) ON DELETE CASCADE,
    status       TEXT NOT NULL,
    streak       INTEGER NOT NULL,          -- failures one after the other
    results      TEXT NOT NULL              -- JSON array, the last five checks
) WITHOUT ROWID;

-- What happened to it, among the changes of state.
CREATE TRIGGER health_began AFTER INSERT ON health BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (NEW.container_id, NULL, NEW.status,
        'health check');
END;

CREATE TRIGGER health_changed AFTER UPDATE OF status ON health WHEN OLD.status <> NEW.status BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (NEW.container_id, OLD.status, NEW.status,
        'health check');
END;
