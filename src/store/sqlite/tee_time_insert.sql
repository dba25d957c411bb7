INSERT INTO tee_times (course_id, play_date, start_minute, holes, start_hole, routing,
                       starts_at, party_sizes, price_cents, currency, price_basis,
                       cart_fee_cents, rate_name, engine_ref, booking_url, opened_at,
                       changed_at, times_opened)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, 1)
