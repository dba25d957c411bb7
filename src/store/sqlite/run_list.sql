SELECT id, started_at, finished_at, host, scope, options, verdict, planned, observed, open,
       tee_times, requests, retries, bytes, batches, failed_batches, peak_rss_bytes,
       memory_limit_bytes, by_outcome,
       worst
  FROM runs
 ORDER BY id DESC
 LIMIT CAST($1 AS INTEGER)
