SELECT course_id, play_date, outcome, checked_at, observed_outcome, observed_at, tee_time_count
  FROM tee_sheets
 WHERE course_id IN (SELECT CAST(value AS INTEGER) FROM json_each($1))
   AND play_date >= $2
