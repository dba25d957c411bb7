INSERT INTO {schema}.runs (started_at, host, scope, options)
VALUES (to_timestamp($1::bigint), $2::text, $3::text, $4::json)
RETURNING id
