SELECT c.id, c.name, c.timezone, c.latitude, c.longitude, to_char(s.play_date, 'YYYY-MM-DD'),
       s.outcome, extract(epoch FROM s.checked_at)::bigint, s.observed_outcome,
       extract(epoch FROM s.observed_at)::bigint,
       (SELECT count(*) FROM {schema}.tee_times t
         WHERE t.course_id = s.course_id AND t.play_date = s.play_date
           AND t.closed_at IS NULL AND t.starts_at > to_timestamp($1::bigint)),
       c.booking_window_days, c.booking_opens_at
  FROM {schema}.courses c
  LEFT JOIN {schema}.tee_sheets s
    ON s.course_id = c.id
   AND ($2::date IS NULL OR s.play_date >= $2::date)
   AND ($3::date IS NULL OR s.play_date <= $3::date)
 WHERE c.active
   AND ($4::json IS NULL
        OR lower(c.region) IN (SELECT json_array_elements_text($4::json))
        OR lower(c.region_id) IN (SELECT json_array_elements_text($4::json)))
   AND ($5::json IS NULL
        OR c.id IN (SELECT v::bigint FROM json_array_elements_text($5::json) v))
   AND ($6::double precision IS NULL OR c.latitude >= $6::double precision)
   AND ($7::double precision IS NULL OR c.latitude <= $7::double precision)
   AND ($8::double precision IS NULL OR c.longitude >= $8::double precision)
   AND ($9::double precision IS NULL OR c.longitude <= $9::double precision)
 ORDER BY c.timezone COLLATE "C", c.id, s.play_date
