UPDATE tee_times
   SET closed_at = ?7
 WHERE course_id = ?1 AND play_date = ?2 AND start_minute = ?3 AND holes = ?4
   AND start_hole = ?5 AND routing = ?6
