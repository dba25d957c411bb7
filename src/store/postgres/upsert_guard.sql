SELECT $3::bigint + k.n - 1,
       EXISTS (SELECT FROM {schema}.tee_times t
                WHERE t.course_id = k.course_id AND t.play_date = k.play_date)::integer,
       coalesce((SELECT string_agg(concat_ws(' ', t.start_minute, t.holes, t.start_hole,
                                             octet_length(t.routing), t.routing), ''
                                   ORDER BY t.start_minute, t.holes, t.start_hole, t.routing)
                   FROM {schema}.tee_times t
                  WHERE t.course_id = k.course_id AND t.play_date = k.play_date
                    AND t.closed_at IS NULL AND t.starts_at > k.checked_at), '')
  FROM unnest($1::bigint[], $2::date[], $4::timestamptz[], $5::bigint[])
       WITH ORDINALITY k(course_id, play_date, checked_at, digest, n)
  JOIN {schema}.tee_sheets s ON s.course_id = k.course_id AND s.play_date = k.play_date
 WHERE k.digest IS NOT NULL
   AND s.digest IS DISTINCT FROM k.digest
   AND (s.observed_at IS NULL OR s.observed_at <= k.checked_at)
