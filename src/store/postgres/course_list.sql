SELECT c.id, c.name, c.club, c.city, c.region, c.region_id, c.country, c.timezone, c.latitude,
       c.longitude, c.engine, c.engine_attributes, c.holes, c.booking_window_days,
       c.booking_opens_at, c.currency, c.booking_url, c.active::integer, c.unknown_sweeps,
       EXISTS (SELECT FROM {schema}.tee_sheets s
                WHERE s.course_id = c.id AND s.observed_at IS NOT NULL)::integer
  FROM {schema}.courses c
 ORDER BY c.id
