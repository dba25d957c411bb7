SELECT c.id, c.name, c.timezone, c.latitude, c.longitude, s.play_date, s.outcome, s.checked_at,
       s.observed_outcome, s.observed_at,
       (SELECT count(*) FROM tee_times t
         WHERE t.course_id = s.course_id AND t.play_date = s.play_date
           AND t.closed_at IS NULL AND t.starts_at > CAST($1 AS INTEGER)),
       c.booking_window_days, c.booking_opens_at
  FROM courses c
  LEFT JOIN tee_sheets s
    ON s.course_id = c.id
   AND ($2 IS NULL OR s.play_date >= $2)
   AND ($3 IS NULL OR s.play_date <= $3)
 WHERE c.active = 1
   AND ($4 IS NULL OR lower(c.region) IN (SELECT value FROM json_each($4))
        OR lower(c.region_id) IN (SELECT value FROM json_each($4)))
   AND ($5 IS NULL OR c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($5)))
   AND ($6 IS NULL OR c.latitude >= CAST($6 AS REAL))
   AND ($7 IS NULL OR c.latitude <= CAST($7 AS REAL))
   AND ($8 IS NULL OR c.longitude >= CAST($8 AS REAL))
   AND ($9 IS NULL OR c.longitude <= CAST($9 AS REAL))
 ORDER BY c.timezone, c.id, s.play_date
