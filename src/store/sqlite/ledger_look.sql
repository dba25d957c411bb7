INSERT INTO tee_sheets (course_id, play_date, outcome, detail, http_status, attempts, checked_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (course_id, play_date) DO UPDATE
   SET outcome = excluded.outcome, detail = excluded.detail,
       http_status = excluded.http_status, attempts = excluded.attempts,
       checked_at = excluded.checked_at
 WHERE excluded.checked_at >= checked_at
