DELETE FROM {schema}.tee_sheets
 WHERE (course_id, play_date) IN (SELECT s.course_id, s.play_date
                                    FROM {schema}.tee_sheets s
                                   WHERE s.play_date < $1::date
                                   ORDER BY s.play_date, s.course_id
                                   LIMIT $2::bigint)
