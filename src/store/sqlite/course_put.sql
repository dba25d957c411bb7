INSERT INTO courses (id, name, club, city, region, region_id, country, timezone, latitude,
                     longitude, engine, engine_attributes, holes, booking_window_days,
                     booking_opens_at, currency, booking_url, active, import_stamp)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
    ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, club = excluded.club, city = excluded.city,
       region = excluded.region, region_id = excluded.region_id, country = excluded.country,
       timezone = excluded.timezone, latitude = excluded.latitude,
       longitude = excluded.longitude, engine = excluded.engine,
       engine_attributes = excluded.engine_attributes, holes = excluded.holes,
       booking_window_days = excluded.booking_window_days,
       booking_opens_at = excluded.booking_opens_at, currency = excluded.currency,
       booking_url = excluded.booking_url, active = excluded.active,
       import_stamp = excluded.import_stamp
