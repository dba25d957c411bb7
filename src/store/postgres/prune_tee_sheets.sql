-- Not those that still have something: to each statement of a second one that prunes at once, the
-- oldest are others than to the one before.
DELETE FROM {schema}.tee_sheets d
 WHERE (d.course_id, d.play_date) IN (SELECT s.course_id, s.play_date
                                        FROM {schema}.tee_sheets s
                                       WHERE s.play_date < $1::date
                                       ORDER BY s.play_date, s.course_id
                                       LIMIT $2::bigint)
   AND NOT EXISTS (SELECT FROM {schema}.tee_times t
                    WHERE t.course_id = d.course_id AND t.play_date = d.play_date)
   AND NOT EXISTS (SELECT FROM {schema}.tee_time_events e
                    WHERE e.course_id = d.course_id AND e.play_date = d.play_date)
