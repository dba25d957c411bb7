INSERT INTO tee_time_events (at, course_id, play_date, start_minute, holes, start_hole, routing,
                             event, party_sizes, price_cents)
SELECT ?7, course_id, play_date, start_minute, holes, start_hole, routing, ?8, party_sizes,
       price_cents
  FROM tee_times
 WHERE course_id = ?1 AND play_date = ?2 AND start_minute = ?3 AND holes = ?4
   AND start_hole = ?5 AND routing = ?6
