INSERT INTO hosts (host, gap_ms, parallel, learnt_at)
VALUES ($1, CAST($2 AS INTEGER), CAST($3 AS INTEGER), CAST($4 AS INTEGER))
    ON CONFLICT (host) DO UPDATE
   SET gap_ms = excluded.gap_ms, parallel = excluded.parallel, learnt_at = excluded.learnt_at
 WHERE excluded.learnt_at >= hosts.learnt_at
