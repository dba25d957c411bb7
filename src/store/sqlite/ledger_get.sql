SELECT checked_at, observed_at, digest, held_digest
  FROM tee_sheets
 WHERE course_id = ?1 AND play_date = ?2
