INSERT INTO shapes (engine, kind, fingerprint, first_seen, paths)
VALUES ($1, $2, CAST($3 AS INTEGER), CAST($4 AS INTEGER), $5)
    ON CONFLICT (engine, kind, fingerprint) DO UPDATE
   SET paths = excluded.paths
