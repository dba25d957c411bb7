UPDATE runs
   SET finished_at = $2, verdict = $3, planned = $4, observed = $5, open = $6, tee_times = $7,
       requests = $8, retries = $9, bytes = $10, batches = $11, failed_batches = $12,
       peak_rss_bytes = $13, memory_limit_bytes = $14, by_outcome = $15,
       worst = $16
 WHERE id = $1 AND finished_at IS NULL
