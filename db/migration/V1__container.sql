-- What exists. One row a container; times are RFC 3339, UTC, nine digits; state is a name of ContainerState.
CREATE TABLE container (
    id          TEXT PRIMARY KEY CHECK (length(id) = 64),
    name        TEXT NOT NULL UNIQUE,
    image       TEXT NOT NULL,
    argv        TEXT NOT NULL,              -- JSON array
    spec        TEXT NOT NULL,              -- JSON, ContainerSpec
    state       TEXT NOT NULL,
    cause       TEXT NOT NULL,              -- why it is in this state
    pid         INTEGER,                    -- of the first process; with pid_started it names one process for good
    pid_started INTEGER,
    created_at  TEXT NOT NULL,
    started_at  TEXT,
    finished_at TEXT,
    exit_code   INTEGER,
    oom_killed  INTEGER NOT NULL DEFAULT 0,
    error       TEXT
);

CREATE INDEX container_by_state ON container (state);

-- What happened, one row a change of state, kept after the container is gone.
CREATE TABLE transition (
    id           INTEGER PRIMARY KEY,
    container_id TEXT NOT NULL,
    from_state   TEXT,
    to_state     TEXT NOT NULL,
    cause        TEXT NOT NULL,
    at           TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);

CREATE INDEX transition_by_container ON transition (container_id, id);

-- Triggers, so that no change can be made without its transition, and both are one statement.
CREATE TRIGGER container_created AFTER INSERT ON container BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (NEW.id, NULL, NEW.state, NEW.cause);
END;

CREATE TRIGGER container_changed AFTER UPDATE OF state ON container WHEN OLD.state <> NEW.state BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (NEW.id, OLD.state, NEW.state, NEW.cause);
END;

CREATE TRIGGER container_removed AFTER DELETE ON container BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (OLD.id, OLD.state, 'REMOVED', 'removed');
END;
