SELECT course_id, to_char(play_date, 'YYYY-MM-DD'), outcome,
       extract(epoch FROM checked_at)::bigint, observed_outcome,
       extract(epoch FROM observed_at)::bigint, tee_time_count
  FROM {schema}.tee_sheets
 WHERE course_id IN (SELECT v::bigint FROM json_array_elements_text($1::json) v)
   AND play_date >= $2::date
