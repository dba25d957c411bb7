-- A lifted pace (0) teaches nothing.
INSERT INTO {schema}.hosts AS stored (host, gap_ms, parallel, learnt_at, hold_until)
VALUES ($1::text, $2::integer, $3::integer, to_timestamp($4::bigint),
        now() + $5::bigint * interval '1 second')
    ON CONFLICT (host) DO UPDATE
   SET (gap_ms, parallel, learnt_at) = (
           SELECT excluded.gap_ms, excluded.parallel, excluded.learnt_at
            WHERE excluded.gap_ms > 0 AND excluded.learnt_at >= stored.learnt_at
            UNION ALL
           SELECT stored.gap_ms, stored.parallel, stored.learnt_at
            LIMIT 1),
       hold_until = greatest(excluded.hold_until, stored.hold_until)
