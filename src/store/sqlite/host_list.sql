SELECT host, gap_ms, parallel, max(coalesce(hold_until, 0) - unixepoch(), 0) FROM hosts
