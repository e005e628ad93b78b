-- Who asks what happened to a container that is gone knows it by its name, and wants to know how it ended.
ALTER TABLE transition ADD COLUMN name TEXT;    -- of one that was removed

DROP TRIGGER container_changed;
DROP TRIGGER container_removed;

CREATE TRIGGER container_changed AFTER UPDATE OF state ON container WHEN OLD.state <> NEW.state BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause) VALUES (NEW.id, OLD.state, NEW.state,
        CASE WHEN NEW.state = 'EXITED' AND NEW.cause = 'exit' THEN 'exit ' || NEW.exit_code ELSE NEW.cause END);
END;

CREATE TRIGGER container_removed AFTER DELETE ON container BEGIN
    INSERT INTO transition (container_id, from_state, to_state, cause, name)
        VALUES (OLD.id, OLD.state, 'REMOVED', 'removed', OLD.name);
END;
