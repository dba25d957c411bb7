DELETE FROM {schema}.leases
 WHERE name IN (SELECT json_array_elements_text($1::json)) AND holder = $2::text
