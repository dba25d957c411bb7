UPDATE tee_sheets SET held_digest = ?3 WHERE course_id = ?1 AND play_date = ?2
