UPDATE courses
   SET unknown_sweeps = iif(s.observed, 0, unknown_sweeps + 1)
  FROM (SELECT course_id, max(coalesce(observed_at, 0)) >= CAST($1 AS INTEGER) AS observed
          FROM tee_sheets
         WHERE checked_at >= CAST($1 AS INTEGER)
         GROUP BY course_id) s
 WHERE s.course_id = courses.id
