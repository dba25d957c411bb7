SELECT c.id, c.name, c.timezone, c.booking_window_days, c.booking_opens_at,
       to_char(s.play_date, 'YYYY-MM-DD'), s.outcome, s.detail, s.http_status, s.attempts,
       extract(epoch FROM s.checked_at)::bigint, s.observed_outcome,
       extract(epoch FROM s.observed_at)::bigint, extract(epoch FROM s.changed_at)::bigint,
       s.tee_time_count, (s.held_digest IS NOT NULL)::integer
  FROM {schema}.courses c
  LEFT JOIN {schema}.tee_sheets s
    ON s.course_id = c.id
   AND ($3::date IS NULL OR s.play_date >= $3::date)
   AND ($4::date IS NULL OR s.play_date <= $4::date)
 WHERE (CASE WHEN $1::json IS NULL THEN c.active
             ELSE c.id IN (SELECT v::bigint FROM json_array_elements_text($1::json) v) END)
   AND ($2::json IS NULL
        OR lower(c.region) IN (SELECT json_array_elements_text($2::json))
        OR lower(c.region_id) IN (SELECT json_array_elements_text($2::json)))
 ORDER BY c.name COLLATE "C", c.id, s.play_date
