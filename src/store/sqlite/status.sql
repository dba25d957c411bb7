SELECT c.id, c.name, c.timezone, c.booking_window_days, c.booking_opens_at, s.play_date,
       s.outcome, s.detail, s.http_status, s.attempts, s.checked_at, s.observed_outcome,
       s.observed_at, s.changed_at, s.tee_time_count, s.held_digest IS NOT NULL
  FROM courses c
  LEFT JOIN tee_sheets s
    ON s.course_id = c.id
   AND ($3 IS NULL OR s.play_date >= $3)
   AND ($4 IS NULL OR s.play_date <= $4)
 WHERE (c.active = 1 OR $1 IS NOT NULL)
   AND ($1 IS NULL OR c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($1)))
   AND ($2 IS NULL OR lower(c.region) IN (SELECT value FROM json_each($2))
        OR lower(c.region_id) IN (SELECT value FROM json_each($2)))
 ORDER BY c.name, c.id, s.play_date
