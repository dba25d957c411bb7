-- All parts see the rows as they were before the statement; the ledger rows are locked, so
-- nobody else changes them meanwhile. One FULL JOIN tells everything: it can only be hashed or
-- merged, however wrong the planner's guesses about tables that were never analysed.
WITH sheet AS MATERIALIZED (
    SELECT k.*
      FROM unnest($1::bigint[], $2::date[], $3::timestamptz[], $4::text[])
           WITH ORDINALITY k(course_id, play_date, checked_at, currency, sheet)
), seen AS MATERIALIZED (
    SELECT t.*
      FROM unnest($5::integer[], $6::smallint[], $7::smallint[], $8::smallint[], $9::text[],
                  $10::timestamptz[], $11::smallint[], $12::integer[], $13::text[],
                  $14::integer[], $15::text[], $16::text[], $17::text[])
           t(sheet, start_minute, holes, start_hole, routing, starts_at, party_sizes,
             price_cents, price_basis, cart_fee_cents, rate_name, engine_ref, booking_url)
), stored AS MATERIALIZED (
    SELECT s.sheet::integer AS sheet, s.currency AS currency_now, t.*
      FROM sheet s
      JOIN {schema}.tee_times t ON t.course_id = s.course_id AND t.play_date = s.play_date
), joined AS MATERIALIZED (
    SELECT coalesce(n.sheet, o.sheet) AS sheet,
           coalesce(n.start_minute, o.start_minute) AS start_minute,
           coalesce(n.holes, o.holes) AS holes,
           coalesce(n.start_hole, o.start_hole) AS start_hole,
           coalesce(n.routing, o.routing) AS routing,
           coalesce(n.party_sizes, o.party_sizes) AS party_sizes,
           CASE WHEN n.sheet IS NULL THEN o.price_cents ELSE n.price_cents END AS price_cents,
           coalesce(n.starts_at, o.starts_at) AS starts_at,
           n.price_basis, n.cart_fee_cents, n.rate_name, n.engine_ref, n.booking_url,
           o.times_opened, o.opened_at,
           o.sheet IS NULL AS is_new,
           n.sheet IS NOT NULL AND o.closed_at IS NOT NULL AS was_closed,
           n.sheet IS NULL AND o.closed_at IS NULL AS is_missing,
           n.sheet IS NOT NULL AND o.sheet IS NOT NULL AND o.closed_at IS NULL
           AND (o.starts_at, o.party_sizes, o.price_cents, o.currency, o.price_basis,
                o.cart_fee_cents, o.rate_name, o.engine_ref, o.booking_url)
               IS DISTINCT FROM
               (n.starts_at, n.party_sizes, n.price_cents, o.currency_now, n.price_basis,
                n.cart_fee_cents, n.rate_name, n.engine_ref, n.booking_url) AS differs,
           o.party_sizes <> n.party_sizes AS other_players,
           o.price_cents IS DISTINCT FROM n.price_cents AS other_price
      FROM seen n
      FULL JOIN stored o
        ON o.sheet = n.sheet AND o.start_minute = n.start_minute AND o.holes = n.holes
       AND o.start_hole = n.start_hole AND o.routing = n.routing COLLATE "C"
     WHERE n.sheet IS NOT NULL OR o.closed_at IS NULL
), compared AS MATERIALIZED (
    SELECT j.*, s.course_id, s.play_date, s.checked_at, s.currency,
           j.is_missing AND j.starts_at > s.checked_at AS is_gone
      FROM joined j
      JOIN sheet s ON s.sheet = j.sheet
), written AS (
    INSERT INTO {schema}.tee_times
           (course_id, play_date, start_minute, holes, start_hole, routing, starts_at,
            party_sizes, price_cents, currency, price_basis, cart_fee_cents, rate_name,
            engine_ref, booking_url, opened_at, changed_at, times_opened)
    SELECT course_id, play_date, start_minute, holes, start_hole, routing, starts_at,
           party_sizes, price_cents, currency, price_basis, cart_fee_cents, rate_name,
           engine_ref, booking_url, CASE WHEN differs THEN opened_at ELSE checked_at END,
           checked_at, CASE WHEN differs THEN times_opened ELSE coalesce(times_opened, 0) + 1 END
      FROM compared
     WHERE is_new OR was_closed OR differs
    ON CONFLICT (course_id, play_date, start_minute, holes, start_hole, routing) DO UPDATE
       SET starts_at = excluded.starts_at, party_sizes = excluded.party_sizes,
           price_cents = excluded.price_cents, currency = excluded.currency,
           price_basis = excluded.price_basis, cart_fee_cents = excluded.cart_fee_cents,
           rate_name = excluded.rate_name, engine_ref = excluded.engine_ref,
           booking_url = excluded.booking_url, opened_at = excluded.opened_at,
           changed_at = excluded.changed_at, closed_at = NULL,
           times_opened = excluded.times_opened
), closed AS (
    UPDATE {schema}.tee_times t
       SET closed_at = g.checked_at
      FROM compared g
     WHERE g.is_gone
       AND t.course_id = g.course_id AND t.play_date = g.play_date
       AND t.start_minute = g.start_minute AND t.holes = g.holes
       AND t.start_hole = g.start_hole AND t.routing = g.routing
), logged AS (
    INSERT INTO {schema}.tee_time_events
           (at, course_id, play_date, start_minute, holes, start_hole, routing, event,
            party_sizes, price_cents)
    SELECT c.checked_at, c.course_id, c.play_date, c.start_minute, c.holes, c.start_hole,
           c.routing, e.event, c.party_sizes, c.price_cents
      FROM compared c
     CROSS JOIN LATERAL (VALUES ('opened', c.is_new), ('reopened', c.was_closed),
                                ('closed', c.is_gone),
                                ('players', c.differs AND c.other_players),
                                ('price', c.differs AND c.other_price)) e(event, happened)
     WHERE e.happened
    RETURNING 1
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE was_closed),
       count(*) FILTER (WHERE differs),
       count(*) FILTER (WHERE NOT (is_new OR was_closed OR differs OR is_missing)),
       count(*) FILTER (WHERE is_gone), (SELECT count(*) FROM logged)
  FROM compared
