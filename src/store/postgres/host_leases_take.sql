-- Rows are locked by name, so that two that want the same ones wait for each other in one order only.
INSERT INTO {schema}.leases AS l (name, holder, until)
SELECT takeable.name, $2::text, now() + $3::bigint * interval '1 second'
  FROM (SELECT wanted.name
          FROM json_array_elements_text($1::json) WITH ORDINALITY AS wanted(name, number)
          LEFT JOIN {schema}.leases AS held ON held.name = wanted.name
         WHERE held.name IS NULL OR held.until <= now() OR held.holder IN ($2::text, 'stopped')
         ORDER BY wanted.number
         LIMIT $4::bigint) AS takeable
 ORDER BY takeable.name
    ON CONFLICT (name) DO UPDATE
   SET holder = CASE WHEN l.holder = 'stopped' AND l.until > now() THEN l.holder
                     ELSE excluded.holder END,
       until = CASE WHEN l.holder = 'stopped' AND l.until > now() THEN l.until
                    ELSE excluded.until END
 WHERE l.until <= now() OR l.holder IN (excluded.holder, 'stopped')
RETURNING name, holder
