SELECT c.id, c.name, c.club, c.city, c.region, c.timezone, c.latitude, c.longitude,
       t.play_date, t.start_minute, t.starts_at, t.holes, t.start_hole, t.routing,
       t.party_sizes, t.price_cents, t.currency, t.price_basis, t.cart_fee_cents, t.rate_name,
       t.booking_url, t.opened_at, s.observed_at
  FROM courses c
  JOIN tee_sheets s ON s.course_id = c.id
  JOIN tee_times t ON t.course_id = s.course_id AND t.play_date = s.play_date
 WHERE c.active = 1
   AND t.closed_at IS NULL
   AND t.starts_at > CAST($1 AS INTEGER)
   AND ($2 IS NULL OR s.play_date >= $2)
   AND ($3 IS NULL OR s.play_date <= $3)
   AND ($4 IS NULL OR t.start_minute >= CAST($4 AS INTEGER))
   AND ($5 IS NULL OR t.start_minute < CAST($5 AS INTEGER))
   AND ($6 IS NULL OR t.party_sizes & (1 << (CAST($6 AS INTEGER) - 1)))
   AND ($7 IS NULL OR t.holes = CAST($7 AS INTEGER))
   AND ($8 IS NULL OR t.price_cents <= CAST($8 AS INTEGER))
   AND ($9 IS NULL OR lower(c.region) IN (SELECT value FROM json_each($9))
        OR lower(c.region_id) IN (SELECT value FROM json_each($9)))
   AND ($10 IS NULL OR c.id IN (SELECT CAST(value AS INTEGER) FROM json_each($10)))
   AND ($11 IS NULL OR t.opened_at >= CAST($11 AS INTEGER))
   AND ($12 IS NULL OR c.latitude >= CAST($12 AS REAL))
   AND ($13 IS NULL OR c.latitude <= CAST($13 AS REAL))
   AND ($14 IS NULL OR c.longitude >= CAST($14 AS REAL))
   AND ($15 IS NULL OR c.longitude <= CAST($15 AS REAL))
 ORDER BY CASE $16 WHEN 'price' THEN t.price_cents IS NULL END,
          CASE $16
              WHEN 'price' THEN t.price_cents
              WHEN 'distance'
                  THEN (c.latitude - CAST($17 AS REAL)) * (c.latitude - CAST($17 AS REAL)) +
                       (c.longitude - CAST($18 AS REAL)) * CAST($19 AS REAL) *
                       (c.longitude - CAST($18 AS REAL)) * CAST($19 AS REAL)
          END,
          CASE $16 WHEN 'course' THEN c.name END,
          CASE $16 WHEN 'course' THEN c.id END,
          t.play_date, t.starts_at, c.name, c.id, t.start_minute, t.holes, t.start_hole,
          t.routing
 LIMIT coalesce(CAST($20 AS INTEGER), -1)
