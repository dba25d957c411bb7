SELECT t.course_id, c.name, c.club, c.city, c.region, c.timezone, c.latitude, c.longitude,
       to_char(t.play_date, 'YYYY-MM-DD'), t.start_minute,
       extract(epoch FROM t.starts_at)::bigint, t.holes, t.start_hole, t.routing, t.party_sizes,
       t.price_cents, t.currency, t.price_basis, t.cart_fee_cents, t.rate_name, t.booking_url,
       extract(epoch FROM t.opened_at)::bigint, extract(epoch FROM s.observed_at)::bigint
  FROM {schema}.tee_times t
  JOIN {schema}.courses c ON c.id = t.course_id AND c.active
  JOIN {schema}.tee_sheets s ON s.course_id = t.course_id AND s.play_date = t.play_date
 WHERE t.closed_at IS NULL
   AND t.starts_at > to_timestamp($1::bigint)
   AND ($2::date IS NULL OR t.play_date >= $2::date)
   AND ($3::date IS NULL OR t.play_date <= $3::date)
   AND ($4::integer IS NULL OR t.start_minute >= $4::integer)
   AND ($5::integer IS NULL OR t.start_minute < $5::integer)
   AND ($6::integer IS NULL OR t.party_sizes & (1 << ($6::integer - 1)) <> 0)
   AND ($7::integer IS NULL OR t.holes = $7::integer)
   AND ($8::bigint IS NULL OR t.price_cents <= $8::bigint)
   AND ($9::json IS NULL
        OR lower(c.region) IN (SELECT json_array_elements_text($9::json))
        OR lower(c.region_id) IN (SELECT json_array_elements_text($9::json)))
   AND ($10::json IS NULL
        OR t.course_id IN (SELECT v::bigint FROM json_array_elements_text($10::json) v))
   AND ($11::bigint IS NULL OR t.opened_at >= to_timestamp($11::bigint))
   AND ($12::double precision IS NULL OR c.latitude >= $12::double precision)
   AND ($13::double precision IS NULL OR c.latitude <= $13::double precision)
   AND ($14::double precision IS NULL OR c.longitude >= $14::double precision)
   AND ($15::double precision IS NULL OR c.longitude <= $15::double precision)
 ORDER BY CASE WHEN $16::text = 'price' THEN t.price_cents END NULLS LAST,
          CASE WHEN $16::text = 'distance'
               THEN (c.latitude - $17::double precision) ^ 2
                    + ((c.longitude - $18::double precision) * $19::double precision) ^ 2
          END NULLS LAST,
          CASE WHEN $16::text = 'course' THEN c.name COLLATE "C" END,
          CASE WHEN $16::text = 'course' THEN c.id END,
          t.play_date, t.starts_at, c.name COLLATE "C", t.course_id, t.start_minute, t.holes,
          t.start_hole, t.routing
 LIMIT $20::bigint
