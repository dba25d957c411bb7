INSERT INTO runs (started_at, host, scope, options)
VALUES ($1, $2, $3, $4)
RETURNING id
