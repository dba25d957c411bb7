SELECT host, gap_ms, parallel FROM {schema}.hosts
