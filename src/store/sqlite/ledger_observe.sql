UPDATE tee_sheets
   SET observed_outcome = ?3,
       observed_at = ?4,
       changed_at = iif(digest IS ?6, changed_at, ?4),
       tee_time_count = ?5,
       digest = ?6,
       run_id = ?7,
       held_digest = NULL
 WHERE course_id = ?1 AND play_date = ?2
