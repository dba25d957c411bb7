-- As SET LOCAL, but with parameters: they end with the transaction. The server gives up before
-- the client does, and a client that froze does not keep its locks.
SELECT pg_catalog.set_config('lock_timeout', $1::text, true),
       pg_catalog.set_config('statement_timeout', $2::text, true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', $3::text, true)
