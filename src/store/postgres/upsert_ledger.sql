-- writes: 1 the last look, 2 the observation, 4 its tee times differ, 8 it is held
UPDATE {schema}.tee_sheets s
   SET outcome = CASE WHEN k.writes & 1 <> 0 THEN k.outcome ELSE s.outcome END,
       detail = CASE WHEN k.writes & 1 <> 0 THEN k.detail ELSE s.detail END,
       http_status = CASE WHEN k.writes & 1 <> 0 THEN k.http_status ELSE s.http_status END,
       attempts = CASE WHEN k.writes & 1 <> 0 THEN k.attempts ELSE s.attempts END,
       checked_at = CASE WHEN k.writes & 1 <> 0 THEN k.checked_at ELSE s.checked_at END,
       observed_outcome = CASE WHEN k.writes & 2 <> 0 THEN k.outcome
                               ELSE s.observed_outcome END,
       observed_at = CASE WHEN k.writes & 2 <> 0 THEN k.checked_at ELSE s.observed_at END,
       run_id = CASE WHEN k.writes & 2 <> 0 THEN $11::bigint ELSE s.run_id END,
       changed_at = CASE WHEN k.writes & 4 <> 0 THEN k.checked_at ELSE s.changed_at END,
       tee_time_count = CASE WHEN k.writes & 4 <> 0 THEN k.tee_time_count
                             ELSE s.tee_time_count END,
       digest = CASE WHEN k.writes & 4 <> 0 THEN k.digest ELSE s.digest END,
       held_digest = CASE WHEN k.writes & 2 <> 0 THEN NULL
                          WHEN k.writes & 8 <> 0 THEN k.digest ELSE s.held_digest END
  FROM unnest($1::bigint[], $2::date[], $3::timestamptz[], $4::bigint[], $5::integer[],
              $6::text[], $7::text[], $8::integer[], $9::integer[], $10::integer[])
       k(course_id, play_date, checked_at, digest, writes, outcome, detail, http_status,
         attempts, tee_time_count)
 WHERE s.course_id = k.course_id AND s.play_date = k.play_date AND k.writes <> 0
