-- Which lessons of the course the user of this engine has done, and when for the last time.
CREATE TABLE lesson (
    number INTEGER PRIMARY KEY,
    done_at TEXT NOT NULL
);
