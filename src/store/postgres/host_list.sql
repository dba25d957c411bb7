SELECT host, gap_ms, parallel, greatest(ceil(extract(epoch FROM hold_until - now())), 0)::bigint
  FROM {schema}.hosts
