SELECT 'tee times without their tee sheet: ' || count(*)
  FROM {schema}.tee_times t
 WHERE NOT EXISTS (SELECT 1
                     FROM {schema}.tee_sheets s
                    WHERE s.course_id = t.course_id AND s.play_date = t.play_date)
HAVING count(*) > 0
UNION ALL
SELECT 'tee sheets of unknown courses: ' || count(*)
  FROM {schema}.tee_sheets s
 WHERE NOT EXISTS (SELECT 1 FROM {schema}.courses c WHERE c.id = s.course_id)
HAVING count(*) > 0
