-- A container is inserted when it is about to start: both changes are one statement, as intent is on record before the deed.
DROP TRIGGER container_created;

CREATE TRIGGER container_created AFTER INSERT ON container BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (NEW.id, NULL, 'CREATED', 'created');
    INSERT INTO transition (container_id, from_state, to_state, cause)
        SELECT NEW.id, 'CREATED', NEW.state, NEW.cause WHERE NEW.state <> 'CREATED';
END;

-- Every change of state wrote it, and nothing asked it: a host has few containers.
DROP INDEX container_by_state;
