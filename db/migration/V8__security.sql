-- Which walls a container has was not asked: all of them.
UPDATE container SET spec = json_set(spec, '$.security', json_object('privileged', json('false')))
    WHERE json_type(spec, '$.security') IS NULL;
