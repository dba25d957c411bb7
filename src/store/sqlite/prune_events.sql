DELETE FROM tee_time_events
 WHERE play_date < $1 -- lets the index be used for both columns
   AND (course_id, play_date) IN (SELECT course_id, play_date
                                     FROM tee_sheets
                                    WHERE play_date < $1
                                    ORDER BY play_date, course_id
                                    LIMIT CAST($2 AS INTEGER))
