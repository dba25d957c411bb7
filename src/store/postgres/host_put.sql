INSERT INTO {schema}.hosts AS stored (host, gap_ms, parallel, learnt_at)
VALUES ($1::text, $2::integer, $3::integer, to_timestamp($4::bigint))
    ON CONFLICT (host) DO UPDATE
   SET gap_ms = excluded.gap_ms, parallel = excluded.parallel, learnt_at = excluded.learnt_at
 WHERE excluded.learnt_at >= stored.learnt_at
