SELECT closed_at IS NOT NULL,
       party_sizes IS NOT ?8,
       price_cents IS NOT ?9,
       starts_at IS NOT ?7 OR currency IS NOT ?10 OR price_basis IS NOT ?11
       OR cart_fee_cents IS NOT ?12 OR rate_name IS NOT ?13 OR engine_ref IS NOT ?14
       OR booking_url IS NOT ?15
  FROM tee_times
 WHERE course_id = ?1 AND play_date = ?2 AND start_minute = ?3 AND holes = ?4
   AND start_hole = ?5 AND routing = ?6
