SELECT engine, kind, fingerprint, extract(epoch FROM first_seen)::bigint, paths
  FROM {schema}.shapes
 ORDER BY first_seen, engine, kind, fingerprint
