SELECT id, extract(epoch FROM started_at)::bigint, extract(epoch FROM finished_at)::bigint,
       host, scope, options, verdict, planned, observed, open, tee_times, requests, retries,
       bytes, batches, failed_batches, peak_rss_bytes, memory_limit_bytes, by_outcome,
       worst
  FROM {schema}.runs
 ORDER BY id DESC
 LIMIT $1::bigint
