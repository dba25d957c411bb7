UPDATE tee_times
   SET starts_at = ?7, party_sizes = ?8, price_cents = ?9, currency = ?10, price_basis = ?11,
       cart_fee_cents = ?12, rate_name = ?13, engine_ref = ?14, booking_url = ?15,
       changed_at = ?16
 WHERE course_id = ?1 AND play_date = ?2 AND start_minute = ?3 AND holes = ?4
   AND start_hole = ?5 AND routing = ?6
