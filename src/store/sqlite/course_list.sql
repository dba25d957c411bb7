SELECT id, name, club, city, region, region_id, country, timezone, latitude, longitude, engine,
       engine_attributes, holes, booking_window_days, booking_opens_at, currency, booking_url,
       active, unknown_sweeps,
       EXISTS (SELECT 1 FROM tee_sheets s
                WHERE s.course_id = courses.id AND s.observed_at IS NOT NULL)
  FROM courses
 ORDER BY id
