INSERT INTO leases (name, holder, until)
SELECT takeable.name, $2, unixepoch() + CAST($3 AS INTEGER)
  FROM (SELECT wanted.value AS name
          FROM json_each($1) AS wanted
          LEFT JOIN leases AS held ON held.name = wanted.value
         WHERE held.name IS NULL OR held.until <= unixepoch() OR held.holder IN ($2, 'stopped')
         ORDER BY wanted.key
         LIMIT CAST($4 AS INTEGER)) AS takeable
 WHERE true
    ON CONFLICT (name) DO UPDATE
   SET holder = iif(holder = 'stopped' AND until > unixepoch(), holder, excluded.holder),
       until  = iif(holder = 'stopped' AND until > unixepoch(), until, excluded.until)
RETURNING name, holder
