-- Volumes: directories that outlive the containers which write to them. Named by a user, or by 64 digits.
CREATE TABLE volume (
    name       TEXT PRIMARY KEY CHECK (length(name) BETWEEN 2 AND 128),
    anonymous  INTEGER NOT NULL,               -- nobody has named it
    labels     TEXT NOT NULL,                  -- JSON object
    created_at TEXT NOT NULL
) WITHOUT ROWID;
