INSERT INTO leases (name, holder, until)
VALUES ($1, $2, $4)
    ON CONFLICT (name) DO UPDATE
   SET holder = iif(until <= CAST($3 AS INTEGER) OR holder = excluded.holder,
                    excluded.holder, holder),
       until  = iif(until <= CAST($3 AS INTEGER) OR holder = excluded.holder,
                    excluded.until, until)
RETURNING holder
