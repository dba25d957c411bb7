UPDATE {schema}.leases
   SET holder = 'stopped', until = now() + $3::bigint * interval '1 second'
 WHERE name IN (SELECT json_array_elements_text($1::json)) AND holder = $2::text
