SELECT host, gap_ms, parallel FROM hosts
