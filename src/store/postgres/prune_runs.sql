DELETE FROM {schema}.runs
 WHERE id IN (SELECT r.id
                FROM {schema}.runs r
               WHERE r.started_at < $1::timestamp AT TIME ZONE 'UTC'
               ORDER BY r.id
               LIMIT $2::bigint)
