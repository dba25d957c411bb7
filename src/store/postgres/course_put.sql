-- engine_attributes compare as text: type json has no equality, and a new spelling is harmless.
INSERT INTO {schema}.courses AS c
       (id, name, club, city, region, region_id, country, timezone, latitude, longitude, engine,
        engine_attributes, holes, booking_window_days, booking_opens_at, currency, booking_url,
        active, import_stamp)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text,
        $9::double precision, $10::double precision, $11::text, $12::json, $13::smallint,
        $14::smallint, $15::smallint, $16::text, $17::text, $18::boolean, $19::bigint)
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
 WHERE (c.name, c.club, c.city, c.region, c.region_id, c.country, c.timezone, c.latitude,
        c.longitude, c.engine, c.engine_attributes::text, c.holes, c.booking_window_days,
        c.booking_opens_at, c.currency, c.booking_url, c.active, c.import_stamp)
       IS DISTINCT FROM
       (excluded.name, excluded.club, excluded.city, excluded.region, excluded.region_id,
        excluded.country, excluded.timezone, excluded.latitude, excluded.longitude,
        excluded.engine, excluded.engine_attributes::text, excluded.holes,
        excluded.booking_window_days, excluded.booking_opens_at, excluded.currency,
        excluded.booking_url, excluded.active, excluded.import_stamp)
