UPDATE {schema}.runs
   SET finished_at = to_timestamp($2::bigint), verdict = $3::text, planned = $4::bigint,
       observed = $5::bigint, open = $6::bigint, tee_times = $7::bigint,
       requests = $8::bigint, retries = $9::bigint, bytes = $10::bigint,
       batches = $11::bigint, failed_batches = $12::bigint, peak_rss_bytes = $13::bigint,
       memory_limit_bytes = $14::bigint, by_outcome = $15::json,
       worst = $16::text
 WHERE id = $1::bigint AND finished_at IS NULL
