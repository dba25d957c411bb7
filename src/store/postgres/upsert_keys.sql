-- checked_at -infinity: a row of this transaction that nobody else ever sees like that.
INSERT INTO {schema}.tee_sheets (course_id, play_date, outcome, checked_at)
SELECT k.course_id, k.play_date, 'none', '-infinity'
  FROM unnest($1::bigint[], $2::date[]) k(course_id, play_date)
 ORDER BY k.course_id, k.play_date
ON CONFLICT DO NOTHING
