WITH ours AS (
    SELECT name
      FROM {schema}.leases
     WHERE name IN (SELECT json_array_elements_text($1::json)) AND holder = $2::text
     ORDER BY name
       FOR UPDATE)
UPDATE {schema}.leases AS l
   SET until = now() + $3::bigint * interval '1 second'
  FROM ours
 WHERE l.name = ours.name
RETURNING l.name
