COPY {schema}.tee_time_events (at, course_id, play_date, event, start_minute, holes, start_hole,
                               routing, party_sizes, price_cents)
FROM STDIN
