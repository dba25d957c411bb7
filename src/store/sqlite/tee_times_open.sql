SELECT start_minute, holes, start_hole, routing
  FROM tee_times
 WHERE course_id = ?1 AND play_date = ?2 AND closed_at IS NULL AND starts_at > ?3
