DELETE FROM runs
 WHERE id IN (SELECT id
                FROM runs
               WHERE started_at < unixepoch($1)
               ORDER BY id
               LIMIT CAST($2 AS INTEGER))
