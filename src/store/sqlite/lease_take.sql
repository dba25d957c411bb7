INSERT INTO leases (name, holder, until)
VALUES ($1, $2, unixepoch() + CAST($3 AS INTEGER))
    ON CONFLICT (name) DO UPDATE
   SET holder = iif(until <= unixepoch() OR holder = excluded.holder, excluded.holder, holder),
       until  = iif(until <= unixepoch() OR holder = excluded.holder, excluded.until, until)
RETURNING holder
