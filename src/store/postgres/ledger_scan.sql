SELECT course_id, to_char(play_date, 'YYYY-MM-DD'), outcome,
       extract(epoch FROM checked_at)::bigint, observed_outcome,
       extract(epoch FROM observed_at)::bigint, tee_time_count
  FROM {schema}.tee_sheets
 WHERE ($1::date IS NULL OR play_date >= $1::date)
   AND ($2::date IS NULL OR play_date <= $2::date)
 ORDER BY course_id, play_date
