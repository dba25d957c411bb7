SELECT course_id, play_date, outcome, checked_at, observed_outcome, observed_at, tee_time_count
  FROM tee_sheets
 WHERE ($1 IS NULL OR play_date >= $1)
   AND ($2 IS NULL OR play_date <= $2)
 ORDER BY course_id, play_date
