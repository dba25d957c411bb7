COPY {schema}.tee_times (course_id, play_date, currency, opened_at, changed_at, start_minute, holes,
                         start_hole, routing, starts_at, party_sizes, price_cents, price_basis,
                         cart_fee_cents, rate_name, engine_ref, booking_url)
FROM STDIN
