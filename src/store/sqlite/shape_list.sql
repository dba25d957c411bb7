SELECT engine, kind, fingerprint, first_seen, paths
  FROM shapes
 ORDER BY first_seen, engine, kind, fingerprint
