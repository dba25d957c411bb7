INSERT INTO {schema}.shapes (engine, kind, fingerprint, first_seen, paths)
VALUES ($1::text, $2::text, $3::bigint, to_timestamp($4::bigint), $5::json)
    ON CONFLICT (engine, kind, fingerprint) DO UPDATE
   SET paths = excluded.paths
