-- The update without effect on a foreign, living lease makes RETURNING show its holder.
INSERT INTO {schema}.leases AS l (name, holder, until)
VALUES ($1::text, $2::text, now() + $3::bigint * interval '1 second')
ON CONFLICT (name) DO UPDATE
   SET holder = CASE WHEN l.holder = excluded.holder OR l.until <= now()
                     THEN excluded.holder ELSE l.holder END,
       until = CASE WHEN l.holder = excluded.holder OR l.until <= now()
                    THEN excluded.until ELSE l.until END
RETURNING holder
