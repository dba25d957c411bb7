SELECT $3::bigint + k.n - 1,
       CASE WHEN isfinite(s.checked_at) THEN extract(epoch FROM s.checked_at)::bigint END,
       extract(epoch FROM s.observed_at)::bigint, s.digest, s.held_digest
  FROM unnest($1::bigint[], $2::date[]) WITH ORDINALITY k(course_id, play_date, n)
  JOIN {schema}.tee_sheets s ON s.course_id = k.course_id AND s.play_date = k.play_date
 ORDER BY s.course_id, s.play_date
   FOR NO KEY UPDATE OF s
