UPDATE {schema}.courses c
   SET unknown_sweeps = CASE WHEN seen.observed THEN 0 ELSE c.unknown_sweeps + 1 END
  FROM (SELECT course_id,
               coalesce(bool_or(observed_at >= to_timestamp($1::bigint)), false) AS observed
          FROM {schema}.tee_sheets
         WHERE checked_at >= to_timestamp($1::bigint)
         GROUP BY course_id) seen
 WHERE c.id = seen.course_id
   AND (NOT seen.observed OR c.unknown_sweeps <> 0)
