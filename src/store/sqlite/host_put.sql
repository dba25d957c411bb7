-- A lifted pace (0) teaches nothing.
INSERT INTO hosts (host, gap_ms, parallel, learnt_at, hold_until)
VALUES ($1, CAST($2 AS INTEGER), CAST($3 AS INTEGER), CAST($4 AS INTEGER),
        unixepoch() + CAST($5 AS INTEGER))
    ON CONFLICT (host) DO UPDATE
   SET (gap_ms, parallel, learnt_at) = (
           SELECT excluded.gap_ms, excluded.parallel, excluded.learnt_at
            WHERE excluded.gap_ms > 0 AND excluded.learnt_at >= hosts.learnt_at
            UNION ALL
           SELECT hosts.gap_ms, hosts.parallel, hosts.learnt_at
            LIMIT 1),
       hold_until = max(excluded.hold_until, coalesce(hosts.hold_until, 0))
