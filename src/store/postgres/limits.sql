-- As SET LOCAL, but with parameters: they end with the transaction. The server gives up before
-- the client does, and a client that froze or is gone without a word does not keep its locks: in the
-- middle of a COPY the server waits for it whatever the other limits say.
SELECT pg_catalog.set_config('lock_timeout', $1::text, true),
       pg_catalog.set_config('statement_timeout', $2::text, true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', $3::text, true),
       pg_catalog.set_config('tcp_user_timeout', $3::text, true),
       pg_catalog.set_config('tcp_keepalives_idle', greatest($1::bigint / 1000, 1)::text, true),
       pg_catalog.set_config('tcp_keepalives_interval', greatest($1::bigint / 3000, 1)::text, true)
